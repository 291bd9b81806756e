import type { Line } from '../drill.ts';
import { type Asked, cellOf, seenBy } from './asked.ts';
import type { Sample } from './watch-replicas.ts';

/** A run of the scale test: out under load, in again when it has gone. */
export interface Scaling {
  readonly name: string;
  readonly samples: readonly Sample[];
  /** While users came and replicas with them. */
  readonly ramp: readonly Asked[];
  /** While most users had gone. */
  readonly scaleIn: readonly Asked[];
  readonly podsThatAnswered: number;
  readonly restarts: number;
}

/** S2: what may fail while replicas are still on their way. */
const RAMP_FAILURES = 0.01;
/** R16. */
const MOST_REPLICAS = 10;

export function judgeScaling({ name, samples, ramp, scaleIn, podsThatAnswered, restarts }: Scaling) {
  const counts = samples.map(({ replicas }) => replicas);
  const most = Math.max(...counts);
  const [ramped, shrunk] = [seenBy(ramp), seenBy(scaleIn)];
  if (counts.length === 0) return { lines: [], faults: [`${name}: nothing was seen of its replicas`] };
  const faults: string[] = [];
  if (counts[0] !== 1) faults.push(`it began with ${counts[0]} replicas, not 1`);
  if (most < 2) faults.push('it did not scale out');
  if (most > MOST_REPLICAS) faults.push(`it had ${most} replicas, more than ${MOST_REPLICAS}`);
  if (podsThatAnswered < most) faults.push(`of ${most} replicas only ${podsThatAnswered} ever answered`);
  if (counts.at(-1) !== 1) faults.push(`it ended with ${counts.at(-1)} replicas, not 1`);
  if (ramp.length === 0 || scaleIn.length === 0) faults.push('nothing was asked');
  if (ramped.failed >= RAMP_FAILURES * ramped.asked && ramped.failed > 0)
    faults.push(`in the ramp ${cellOf(ramped)}: ${ramped.answers.join('; ')}`);
  if (shrunk.failed > 0) faults.push(`in the scale-in ${cellOf(shrunk)}: ${shrunk.answers.join('; ')}`);
  if (restarts > 0) faults.push(`pods were restarted ${restarts} times`);
  const lines: Line[] = [
    [`${name}: replicas at first, most, at last`, `${counts[0]}, ${most}, ${counts.at(-1)}`],
    [`${name}: ramp; scale-in`, `${cellOf(ramped)}; ${cellOf(shrunk)}`],
    [`${name}: pods restarted`, restarts],
  ];
  return { lines, faults: faults.map((fault) => `${name}: ${fault}`) };
}

/** The replicas over time, as rows of a table: one for each change of how many there are, and the first and the last. */
export function rowsOf(samples: readonly Sample[]): string[][] {
  const changes = samples.filter((sample, index) => {
    const before = samples[index - 1];
    return (
      !before || index === samples.length - 1 || before.replicas !== sample.replicas || before.ready !== sample.ready
    );
  });
  const rows = changes.map(({ second, users, replicas, ready, metric }) => [
    second.toFixed(0),
    String(users),
    String(replicas),
    String(ready),
    metric,
  ]);
  return [['second', 'users', 'replicas', 'ready', 'metric'], ...rows];
}
