import { setTimeout as timer } from 'node:timers/promises';
import type { Quote } from '#contracts/quote.ts';
import type { Rate } from '../../../local/insurers/simulator.ts';
import { DEMO_RISK } from '../../../local/load-demo.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { halves } from '../halves.ts';
import { ROUNDS } from '../rounds.ts';
import { seeded } from '../seeded.ts';
import { betweenSlots } from './between-slots.ts';
import type { Stand } from './stand.ts';

/** Cars of individuals, as the risk of the demo is. */
const ROW = '2.2';
/** Of a round; a 99th percentile wants 100 in all. */
const TRIALS = 24;
const EVERY_MS = 20;
/** Between two trials, at random, so that they begin at any moment of the second in which the edge looks at core. */
const MOST_REST_MS = 1_000;
/** A price that has not come by then will not: a failure, not a figure. */
const LONGEST_MS = 30_000;
/** Of a base rate, kopecks: twelve steps are a third of a per cent. */
const STEP_MINOR = 137;
const SEED = 7_204;

/** From a forced poll of an insurer that has changed its base rate to the first quote at the edge with the new one. */
export async function priceToEdge(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  const random = seeded(SEED);
  const shownMs: number[] = [];
  const pollMs: number[] = [];
  const bases = await basesInForce(stand, ctx.signal);
  const ids = [...bases.keys()];
  const trials = TRIALS * (ctx.rounds ?? ROUNDS);
  for (let trial = 0; trial < trials; trial += 1) {
    if (trial % ids.length === 0) ctx.say(`a new price to the edge: trial ${trial + 1} of ${trials}`);
    await betweenSlots(ctx);
    const insurer = ids[trial % ids.length] ?? '';
    const before = bases.get(insurer) ?? 0;
    const change = { insurer, before, after: before + STEP_MINOR };
    await keepWarm(stand, { change, ms: random() * MOST_REST_MS, signal: ctx.signal });
    const found = await measure(stand, change, ctx.signal);
    bases.set(insurer, change.after);
    shownMs.push(found.shownMs);
    pollMs.push(found.pollMs);
  }
  const control = 'A/A: a new price, every other trial / the rest';
  const rounds = Array.from({ length: trials / TRIALS }, (_, round) =>
    shownMs.slice(TRIALS * round, TRIALS * (round + 1)),
  );
  const { figure } = measured({ gate: 'the base is exactly the old one until it is exactly the new one' });
  return [
    { ...figure('a new price: forced poll to a quote at the edge', 'ms', shownMs), control },
    figure('a new price: the forced poll alone', 'ms', pollMs),
    figure(control, 'ratio', halves(rounds)),
  ];
}

/** Base rates, kopecks. */
interface Change {
  readonly insurer: string;
  readonly before: number;
  readonly after: number;
}

async function measure(stand: Stand, change: Change, signal: AbortSignal) {
  const { insurer, after } = change;
  await stand.control(`POST ${insurer}/tariff`, { row: ROW, baseRateMinor: after });
  const startedAt = performance.now();
  const [poll, shownMs] = await Promise.all([stand.poll(insurer), untilShown(stand, { change, startedAt, signal })]);
  if (poll.status !== 'good' || poll.changed !== 1) {
    throw new Error(`The poll of ${insurer} after one change was ${poll.status}, with ${poll.changed} changed`);
  }
  return { shownMs, pollMs: poll.ms };
}

interface Watch {
  readonly change: Change;
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

/** Milliseconds until an answer shows exactly the new base rate; until then it must show exactly the old one. */
async function untilShown(stand: Stand, { change, startedAt, signal }: Watch): Promise<number> {
  const isShown = (bases: ReadonlyMap<string, number>) => {
    const shown = bases.get(change.insurer);
    if (shown !== change.before && shown !== change.after) throw wrongBase(change, shown);
    return shown === change.after;
  };
  await askUntil(stand, { isShown, startedAt, signal });
  return performance.now() - startedAt;
}

/** The base rates of the insurers, once the edge shows them: it may still hold an answer of long ago, and gives it once. */
async function basesInForce(stand: Stand, signal: AbortSignal): Promise<Map<string, number>> {
  const bases = new Map<string, number>();
  for (const id of stand.insurers) {
    // Changes nothing, and answers with the rates in force.
    const { rates } = (await stand.control(`POST ${id}/tariff`, { percent: 0 })) as { rates: Rate[] };
    const rate = rates.find(({ row }) => row === ROW);
    if (rate) bases.set(id, rate.baseRateMinor);
  }
  const isShown = (shown: ReadonlyMap<string, number>) => [...bases].every(([id, base]) => shown.get(id) === base);
  await askUntil(stand, { isShown, startedAt: performance.now(), signal });
  return bases;
}

interface Asking {
  readonly isShown: (bases: ReadonlyMap<string, number>) => boolean;
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

async function askUntil(stand: Stand, { isShown, startedAt, signal }: Asking): Promise<void> {
  for (let askAt = startedAt; askAt < startedAt + LONGEST_MS; askAt += EVERY_MS) {
    await timer(Math.max(0, askAt - performance.now()), undefined, { signal });
    if (isShown((await askEdge(stand)).bases)) return;
  }
  throw new Error(`A price did not come to the edge within ${LONGEST_MS / 1_000} s`);
}

/** Asks as `untilShown` does, for a while: then the answer comes from the cache, and is of the old price. */
async function keepWarm(stand: Stand, warm: { change: Change; ms: number; signal: AbortSignal }): Promise<void> {
  const { change, ms, signal } = warm;
  const until = performance.now() + ms;
  for (;;) {
    const { bases, isHit } = await askEdge(stand);
    const shown = bases.get(change.insurer);
    if (shown !== change.before) throw wrongBase(change, shown);
    if (isHit && performance.now() >= until) return;
    await timer(EVERY_MS, undefined, { signal });
  }
}

const wrongBase = ({ insurer, before, after }: Change, shown: number | undefined) =>
  new Error(`The base rate of ${insurer} at the edge is ${shown} kopecks, neither ${before} nor ${after}`);

/** The base rate of each insurer in the one quote that is asked for, kopecks, and whether it came from the cache. */
async function askEdge(stand: Stand): Promise<{ bases: Map<string, number>; isHit: boolean }> {
  const answer = await stand.ask(`/v1/quotes/osago?${DEMO_RISK}`);
  if (answer.status !== 200) throw new Error(`The edge answered ${answer.status}: ${await answer.text()}`);
  const { offers } = (await answer.json()) as Quote;
  const bases = new Map(offers.map(({ insurer, breakdown }) => [insurer, kopecks(breakdown.base)]));
  return { bases, isHit: /; hit\b/.test(answer.headers.get('cache-status') ?? '') };
}

/** `4986.30` is 498630. Throws a RangeError on anything with more or fewer places. */
function kopecks(roubles: string): number {
  if (!/^\d+\.\d\d$/.test(roubles)) throw new RangeError(`Cannot read a base rate of "${roubles}" roubles`);
  return Number(roubles.replace('.', ''));
}
