import type { BenchContext, Figure } from '../bench.ts';
import { whyBroken } from '../capacity/criterion.ts';
import { sumOf } from '../capacity/crowd.ts';
import { findKnee } from '../capacity/find-knee.ts';
import { AGAIN, FIRST, WARM_SECONDS } from '../capacity/measure-knee.ts';
import { startRegion } from '../capacity/region.ts';
import { requireBooked } from '../capacity/require-booked.ts';
import { type Crowd, startCrowd } from '../capacity/start-crowd.ts';
import { type Step, takeStep } from '../capacity/step.ts';
import { median } from '../median.ts';
import { percentile } from '../percentile.ts';
import { after, faultsOf, goodputOf, p99Of, recoveredAfter, upTo } from './judge.ts';
import { ONSET_SECONDS, type Plan, PURCHASES_PER_SECOND, TIMES } from './phases.ts';
import { pinned } from './pinned.ts';

const CPU = { region: '0', crowd: '1' } as const;
const WARM_UP_SECONDS = 12;
/** While it is only looked for. */
const COARSE_SECONDS = 3;
/** Long beside the half second that a quote may take: in a short step more come than are borne, and the last are in time. */
const SEARCH_SECONDS = 11;
const SEARCHES = 3;
/** Of the recovery: nothing of the flood is left. */
const CALM_SECONDS = 4;

export interface Flooded {
  readonly figures: readonly Figure[];
  /** Sentences. */
  readonly faults: readonly string[];
}

type Market = Parameters<typeof takeStep>[0] & { sold(step: Step): void };
interface Round {
  readonly unloaded: Step;
  readonly peak: Step;
  readonly flood: Step;
  readonly recovery: Step;
}

/** Floods a region with ten times as many new quotes as it bears, from four partners at once, while others buy. */
export async function flood(ctx: BenchContext, plan: Plan): Promise<Flooded> {
  ctx.say('overload: a region is started');
  const start = () => startRegion({ kafka: false });
  await using region = await (plan.isPinned ? pinned(CPU.region, start) : start());
  await using crowd: Crowd = await startCrowd({ signal: ctx.signal, ...(plan.isPinned && { cpu: CPU.crowd }) });
  const policies: string[] = [];
  const market: Market = { region, crowd, sold: (step) => void policies.push(...step.policies) };
  ctx.say('overload: warming up');
  await quote(ctx, market, { perSecond: 60, seconds: plan.capacity === undefined ? WARM_UP_SECONDS : 2, purchases: 0 });
  const capacity = plan.capacity ?? (await findCapacity(ctx, market));
  const rounds: Round[] = [];
  for (let round = 1; round <= plan.rounds; round += 1) {
    ctx.say(`overload: round ${round} of ${plan.rounds}, ${capacity} new quotes a second are borne`);
    const at = (times: number, seconds: number) =>
      quote(ctx, market, { perSecond: Math.round(times * capacity), seconds });
    rounds.push({
      unloaded: await at(TIMES.unloaded, plan.unloadedSeconds),
      peak: await at(TIMES.peak, plan.peakSeconds),
      flood: await at(TIMES.flood, plan.floodSeconds),
      recovery: await at(TIMES.unloaded, plan.recoverySeconds),
    });
  }
  await requireBooked(region, policies);
  const faults = rounds.flatMap((round) => Object.values(round).flatMap((step: Step) => faultsOf(step)));
  return { figures: figuresOf(rounds, capacity), faults };
}

async function quote(
  { signal }: BenchContext,
  market: Market,
  { perSecond, seconds, purchases = PURCHASES_PER_SECOND }: { perSecond: number; seconds: number; purchases?: number },
): Promise<Step> {
  signal.throwIfAborted();
  const order = { searchesPerSecond: perSecond, freshShare: 1, buyShare: 0, purchasesPerSecond: purchases, seconds };
  const step = await takeStep(market, order);
  market.sold(step);
  return step;
}

/** New quotes a second that are borne beside the purchases: looked for anew from a little below, because one search may meet a bad moment. */
async function findCapacity(ctx: BenchContext, market: Market): Promise<number> {
  const holds = (seconds: number) => async (perSecond: number) => {
    const why = whyBroken(await quote(ctx, market, { perSecond, seconds }), WARM_SECONDS);
    ctx.say(`  ${perSecond} a second: ${why ?? 'answered as they should be'}`);
    return why === undefined;
  };
  const near = await findKnee(holds(COARSE_SECONDS), FIRST);
  const { below, ...search } = AGAIN;
  const found: number[] = [];
  for (let n = 0; n < SEARCHES; n += 1)
    found.push(await findKnee(holds(SEARCH_SECONDS), { ...search, from: near * below }));
  return median(found);
}

const US = 1_000_000;
const GATE =
  'purchases succeed and are in the ledger, every quote is answered 200 or 503, every 503 says when to try again';
const CONTROL = 'A/A: p99 at 50 %, long after the flood / before it';

function figuresOf(rounds: readonly Round[], capacity: number): Figure[] {
  const of = (figure: string, unit: string, value: (round: Round) => number, control?: string): Figure => ({
    figure,
    unit,
    values: rounds.map(value),
    gate: GATE,
    ...(control !== undefined && { control }),
  });
  const shed = ({ flood }: Round) => sumOf(flood.searches).shedMs;
  const edgeUs = ({ spent, searches }: Step) => (US * spent.edge) / sumOf(searches).waitedMs.length;
  // What those cost that were answered is known from the peak.
  const shedUs = (round: Round) =>
    (US * round.flood.spent.edge - edgeUs(round.peak) * sumOf(round.flood.searches).waitedMs.length) /
    shed(round).length;
  const bought = (step: Step) => (100 * sumOf(step.purchases).waitedMs.length) / sumOf(step.purchases).offered;
  return [
    { figure: 'new quotes that are borne', unit: '1/s', values: [capacity], gate: GATE },
    of('offered in the flood', '1/s', ({ flood }) => sumOf(flood.searches).offered / flood.searches.length),
    of('goodput, peak', '1/s', ({ peak }) => goodputOf(peak)),
    of('goodput, flood', '1/s', ({ flood }) => goodputOf(flood)),
    of('goodput, flood / peak', 'ratio', ({ flood, peak }) => goodputOf(flood) / goodputOf(peak)),
    of('p99 at 50 %', 'ms', ({ unloaded }) => p99Of(unloaded)),
    of('p99 of who is let in, flood', 'ms', (round) => p99Of(round.flood)),
    of('p99, flood / at 50 %', 'ratio', (round) => p99Of(round.flood) / p99Of(round.unloaded), CONTROL),
    of(CONTROL, 'ratio', ({ recovery, unloaded }) => p99Of(after(recovery, CALM_SECONDS)) / p99Of(unloaded)),
    of(`p99 of who is let in, the flood's first ${ONSET_SECONDS} s`, 'ms', ({ flood }) =>
      p99Of(upTo(flood, ONSET_SECONDS)),
    ),
    of('purchases that succeed, flood', '%', ({ flood }) => bought(flood)),
    of('p99 of purchases, flood', 'ms', ({ flood }) => percentile(sumOf(flood.purchases).waitedMs, 0.99)),
    of('quotes refused, flood', '%', (round) => (100 * shed(round).length) / sumOf(round.flood.searches).offered),
    of('until a refusal, p50', 'ms', (round) => percentile(shed(round), 0.5)),
    of('until a refusal, p99', 'ms', (round) => percentile(shed(round), 0.99)),
    of('edge, a quote that is answered', 'us of a core', ({ peak }) => edgeUs(peak)),
    of('edge, a quote that is refused', 'us of a core', shedUs),
    of('recovered after', 's', ({ recovery, unloaded }) => recoveredAfter(recovery, 2 * p99Of(unloaded))),
    of('who asks, flood', 'cores', ({ flood }) => flood.spent.crowd / flood.searches.length),
  ];
}
