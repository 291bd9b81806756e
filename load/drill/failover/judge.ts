import { percentile } from '../../bench/percentile.ts';
import type { Line } from '../drill.ts';
import type { FaultName } from './fault-names.ts';
import type { Trial } from './run-trial.ts';

/** Within so many seconds everybody can buy again, 99 of 100 times; the others have no goal but to leave. */
const GOALS: Partial<Record<FaultName, number>> = { crash: 13, hang: 15 };

/** What a fault did over its trials, as lines, and what is not as it shall be. */
export function judge(
  fault: FaultName,
  trials: readonly Trial[],
): { lines: readonly Line[]; faults: readonly string[] } {
  const seconds = trials.map((trial) => trial.seconds);
  const left = trials.flatMap(({ leftAfter }) => leftAfter ?? []);
  const back = trials.flatMap(({ backAfter }) => backAfter ?? []);
  const sum = (of: (trial: Trial) => number) => trials.reduce((total, trial) => total + of(trial), 0);
  const lines: Line[] = [
    ['trials', trials.length],
    ['seconds until everybody who comes can buy: p50, p99', both(seconds)],
    ['seconds until nobody is given its address: p50, p99', both(left)],
    ['seconds from the beginning of its repair to given again: p50, p99', both(back)],
    [
      'who came; failed until it had left; failed later',
      `${sum(({ tries }) => tries)}; ${sum(({ failed }) => failed)}; ${sum(({ failedLater }) => failedLater)}`,
    ],
    ['how they failed', told(trials) || 'nobody did'],
    ['did not know whether they had bought, and were told when it was back', sum(({ settled }) => settled)],
  ];
  return { lines, faults: [...faultsOf(fault, { seconds, trials })] };
}

function* faultsOf(fault: FaultName, { seconds, trials }: { seconds: readonly number[]; trials: readonly Trial[] }) {
  const goal = GOALS[fault];
  const [found = Number.NaN] = [percentile(seconds, 0.99)];
  if (goal !== undefined && !(found <= goal))
    yield `until everybody could buy it took ${found.toFixed(1)} s (p99), and shall take ${goal} at most`;
  for (const [place, { leftAfter, backAfter, region }] of trials.entries()) {
    if (leftAfter === undefined) yield `in trial ${place + 1} ${region} did not leave the answers`;
    if (backAfter === undefined) yield `in trial ${place + 1} ${region} did not come back`;
  }
  const failed = trials.reduce((total, trial) => total + trial.failed + trial.failedLater, 0);
  if (fault === 'drain' && failed > 0) yield `${failed} customers failed, and none shall: ${told(trials)}`;
}

const both = (values: readonly number[]) => [0.5, 0.99].map((share) => percentile(values, share).toFixed(1)).join(', ');

function told(trials: readonly Trial[]): string {
  const counts = new Map<string, number>();
  for (const { failures } of trials)
    for (const [name, count] of Object.entries(failures)) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
