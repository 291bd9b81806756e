import type { DrillContext, Line, Outcome } from '../drill.ts';
import { type LogLine, type SettlementAlone, startSettlementAlone } from '../settlement-alone.ts';
import { checkBooks } from './check.ts';
import { type Run, runStream } from './run.ts';
import { checkHeard, checkSent, checkTold } from './told.ts';

export interface PoisonOptions {
  readonly events: number;
  /** So many of them. */
  readonly malformed: number;
  /** Events a second, at an even pace. */
  readonly rate: number;
  readonly seed: number;
  /** The 99th percentile of the other policies' lag must be below it; absent: the clock is not judged. */
  readonly lagBelowMs?: number;
}

/** Malformed events in every way, among many that are good: they are parked, and hold up nobody else. */
export async function poison(ctx: DrillContext, options: PoisonOptions): Promise<Outcome> {
  const heard = new Map<string, number>();
  const hear = ({ level, msg }: LogLine) => heard.set(`${level}: ${msg}`, (heard.get(`${level}: ${msg}`) ?? 0) + 1);
  await using settlement = await startSettlementAlone(hear);
  const { events, malformed, rate, seed } = options;
  ctx.say(`seed ${seed}: ${events} events, ${malformed} of them malformed, ${rate} a second`);
  const run = await runStream(ctx, settlement.ctx, options);
  ctx.say('all sent; comparing the books');
  return { faults: await findFaults(settlement, run, { ...options, heard }), lines: linesOf(run, options) };
}

async function findFaults(
  { registry, open }: SettlementAlone,
  { expected, faults, lagsMs }: Run,
  { heard, malformed, lagBelowMs }: PoisonOptions & { readonly heard: ReadonlyMap<string, number> },
): Promise<string[]> {
  const [applied, parked] = [expected.bookedCount(), sum(expected.reasons)];
  const p99 = shareOf(lagsMs, 0.99);
  const isLate = lagBelowMs !== undefined && !(p99 < lagBelowMs);
  return [
    ...faults,
    ...checkSent(expected, malformed),
    ...(await checkBooks(open('postgres').sql, expected)),
    ...checkTold(await registry.metrics(), { applied, parked }),
    ...checkHeard(heard, parked),
    ...(isLate ? [`p99 of the other policies' lag is ${p99.toFixed(0)} ms, not below ${lagBelowMs}`] : []),
  ];
}

function linesOf({ expected, lagsMs, batches, tookMs }: Run, { events, malformed, rate }: PoisonOptions): Line[] {
  const { reasons, ways, bookedCount } = expected;
  const byReason = [...reasons].toSorted(([a], [b]) => a.localeCompare(b));
  return [
    ['events, of which malformed; ways to be so', `${events}, ${malformed}; ${ways.size}`],
    ['to be booked; to be parked', `${bookedCount()}; ${sum(reasons)}`],
    ...byReason.map(([reason, count]): Line => [`  ${reason}`, count]),
    ['events a second: offered; taken', `${rate}; ${((events * 1_000) / tookMs).toFixed(0)}`],
    ['batches', batches],
    [
      "other policies' events, ms from due to committed: p50, p99, most",
      [0.5, 0.99, 1].map((share) => shareOf(lagsMs, share).toFixed(0)).join(', '),
    ],
  ];
}

const sum = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((total, count) => total + count, 0);

/** The least of sorted values that a share of them does not exceed. */
const shareOf = (sorted: Float64Array, share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
