import { setTimeout as timer } from 'node:timers/promises';
import type { Progress } from '../../local/progress.ts';
import type { Measured } from '../traffic/judge-series.ts';
import type { RunPlan, Stream } from '../traffic/plan-run.ts';
import type { Target } from '../traffic/read-target.ts';
import type { RiskTables } from '../traffic/risk-tables.ts';
import { batteriesOf } from './batteries-of.ts';
import { fire } from './fire.ts';
import { startGathering } from './gather.ts';

export interface AutocannonContext {
  readonly target: Target;
  readonly tables: RiskTables;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly note: (sentence: string) => void;
  readonly startProgress: Progress;
}

/** Faults that are told as they come; the table has the count of all. */
const TOLD = 5;

/** Plays a plan; what was measured of each series, as far as it came when the signal aborts. */
export async function runAutocannon(ctx: AutocannonContext, plan: RunPlan): Promise<Map<string, Measured>> {
  const { target, tables, seed, signal } = ctx;
  const gathering = startGathering();
  const begun = new Map<Stream, number>();
  const nextOf = (stream: Stream) => {
    const n = begun.get(stream) ?? 0;
    begun.set(stream, n + 1);
    return n;
  };
  let told = 0;
  const tell = (series: string, fault: string) => {
    if (told < TOLD) ctx.note(`${series}: ${fault}`);
    told += 1;
  };
  const startedAt = performance.now();
  const seconds = () => Math.min(plan.seconds, Math.round((performance.now() - startedAt) / 1_000));
  using _ = ctx.startProgress(
    () => `${seconds()} of ${plan.seconds} s: ${gathering.asked()} answered, ${gathering.failed()} failed`,
  );
  const batteries = plan.streams.flatMap((stream) => batteriesOf(stream, target.places));
  await Promise.all(
    batteries.map(async ({ startMs, ...battery }) => {
      await timer(startMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const key = target.keys[battery.stream.caller];
      await fire({ key, seed, tables, nextOf, note: gathering.note, tell, signal }, battery);
    }),
  );
  return gathering.measured();
}
