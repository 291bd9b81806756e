import type { Measured } from '../traffic/judge-series.ts';
import type { RunPlan } from '../traffic/plan-run.ts';
import { summaryLines } from '../traffic/summary-lines.ts';

/** As much as is read of what k6 gives to handleSummary. */
export interface Summary {
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> } | undefined>>;
}

/** The table of a run that k6 made; nothing when it did not begin. */
export function summaryOf(plan: RunPlan, { metrics }: Summary): string {
  if (!metrics['iterations']) return '';
  const measured = new Map(plan.gates.map(({ series }) => [series, measuredOf(metrics, series)]));
  return `\n${[...summaryLines(plan, measured), ...droppedLines(plan, metrics)].join('\n')}\n`;
}

/** Journeys that found no free user, by stream. */
const droppedLines = ({ streams }: RunPlan, metrics: Summary['metrics']): string[] =>
  streams.flatMap(({ name, isStrict }) => {
    const dropped = metrics[`dropped_iterations{scenario:${name}}`]?.values['count'] ?? 0;
    if (dropped === 0) return [];
    return [`${name}: ${dropped} journeys did not begin, as all users were busy${isStrict ? ': NO' : ''}`];
  });

function measuredOf(metrics: Summary['metrics'], series: string): Measured {
  const value = (metric: string, name: string) => metrics[`${metric}{name:${series}}`]?.values[name] ?? 0;
  return {
    count: value('http_reqs', 'count'),
    failed: value('wrong', 'passes'),
    admitted: value('admitted', 'count'),
    p50Ms: value('http_req_duration', 'med'),
    p95Ms: value('http_req_duration', 'p(95)'),
    p99Ms: value('http_req_duration', 'p(99)'),
  };
}
