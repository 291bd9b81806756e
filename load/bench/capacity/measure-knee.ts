import type { BenchContext } from '../bench.ts';
import { whyBroken } from './criterion.ts';
import { sumOf } from './crowd.ts';
import { findKnee } from './find-knee.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Part, Region } from './region.ts';
import type { Crowd } from './start-crowd.ts';
import { type Step, takeStep } from './step.ts';

export const WARM_SECONDS = 1;
/** Until the first knee is known, steps are shorter: it is only looked for. */
const COARSE_SECONDS = 2;
/** Long beside the half second that a quote may take: in a short step more come than are borne, and the last are in time. */
const FINE_SECONDS = 8;
export const FIRST = { from: 60, factor: 2, within: 1.25 };
/** Around the last knee, from a little below it. */
export const AGAIN = { below: 0.92, factor: 1.1, within: 1.1 };

/** What a region bears, and what that cost it. */
export interface Knee {
  /** Searches a second. */
  readonly rate: number;
  /** Policies a second that were issued meanwhile. */
  readonly policies: number;
  /** Processor time for each search that was answered, with what was bought after it, us of a core. */
  readonly us: Readonly<Record<Part | 'crowd', number>>;
}

export interface Market {
  readonly region: Region;
  readonly crowd: Crowd;
  /** Is told of the policies of each step. */
  readonly sold: (step: Step) => void;
}

/** The most searches a second of a kind that are answered as they should be; near `last`, where it was found before. */
export async function measureKnee(
  ctx: BenchContext,
  market: Market,
  { kind, last }: { kind: KindName; last: number | undefined },
): Promise<Knee> {
  const steps = new Map<number, Step>();
  const holds = (seconds: number) => async (searchesPerSecond: number) => {
    ctx.signal.throwIfAborted();
    const order = { ...KINDS[kind], searchesPerSecond, purchasesPerSecond: 0, seconds: WARM_SECONDS + seconds };
    const step = await takeStep(market, order);
    market.sold(step);
    const why = whyBroken(step, WARM_SECONDS);
    ctx.say(`  ${kind} at ${searchesPerSecond} a second: ${why ?? 'answered as they should be'}`);
    if (why === undefined) steps.set(searchesPerSecond, step);
    return why === undefined;
  };
  const near = last ?? (await findKnee(holds(COARSE_SECONDS), FIRST));
  const { below, ...search } = AGAIN;
  const rate = await findKnee(holds(FINE_SECONDS), { ...search, from: near * below });
  return costsOf(rate, steps.get(rate) as Step);
}

function costsOf(rate: number, { searches, policies, spent }: Step): Knee {
  const answered = sumOf(searches).waitedMs.length;
  const us = Object.fromEntries(
    Object.entries(spent).map(([part, seconds]) => [part, (1_000_000 * seconds) / answered]),
  ) as unknown as Knee['us'];
  return { rate, policies: (policies.length / answered) * rate, us };
}
