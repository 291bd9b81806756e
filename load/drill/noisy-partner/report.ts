import { percentile } from '../../bench/percentile.ts';
import type { Line } from '../drill.ts';
import { type Asked, isAdmitted } from './asked.ts';
import { mostWithin } from './check/limit.ts';
import { admittedOf, type Judgement } from './judge.ts';
import type { Run } from './run-case.ts';

/** What is to be told of a run, good or bad. */
export function report(run: Run, { others, latencies }: Judgement): Line[] {
  const alfa = run.offender.asked;
  const refused = alfa.filter(({ status }) => status === 429).length;
  const most = mostWithin(admittedOf(alfa, 'alfa'), 10_000).count;
  const probes = run.others.probes;
  return [
    [
      'alfa: asked, 429, admitted; most in any 10 s',
      `${alfa.length}, ${refused}, ${alfa.filter(isAdmitted).length}; ${most}`,
    ],
    ['others: asked; answered 429 for what came in a bunch', `${others.asked}; ${others.bunched.length}`],
    ...incidentLines(run, others),
    ['times that an edge gave its store up', run.storeFailures],
    [
      'Retry-After followed, and then admitted',
      `${probes.length}, ${probes.filter(({ status }) => status === 200).length}`,
    ],
    ...latencies.map(({ of, compared: { withMs, withoutMs, ratio, noise } }): Line => {
      const ms = `${withMs.toFixed(2)}, ${withoutMs.toFixed(2)}`;
      return [`${of}, p95, ms: with alfa, without; ratio; A/A`, `${ms}; ${ratio.toFixed(2)}; ${noise.toFixed(2)}`];
    }),
    ['sent after it was due, ms, p50, p99, most: alfa; others', `${lateness(alfa)}; ${lateness(run.others.asked)}`],
  ];
}

function incidentLines({ incident, sharesSetAt }: Run, { shareOfSurvivor, excused }: Judgement['others']): Line[] {
  if (!incident.dead) return [];
  const lines: Line[] = [
    ['cut off by the dead region and asked again', excused.length],
    ['429 for a partner within its limit, for what the dead region had of it', shareOfSurvivor.length],
  ];
  if (sharesSetAt === undefined) return lines;
  const lastMs = Math.max(...shareOfSurvivor.map(({ sentAt }) => sentAt)) - sharesSetAt;
  return [...lines, ['the last of them after the share was moved, s', (lastMs / 1_000).toFixed(1)]];
}

function lateness(asked: readonly Asked[]): string {
  const late = asked.filter(({ refusal }) => !refusal).map(({ dueAt, sentAt }) => sentAt - dueAt);
  return [0.5, 0.99, 1].map((share) => percentile(late, share).toFixed(1)).join(', ');
}
