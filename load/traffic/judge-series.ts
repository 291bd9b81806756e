import type { Gate } from './plan-run.ts';

/** What was seen of all requests that are measured as one. */
export interface Measured {
  readonly count: number;
  readonly failed: number;
  /** Answered rightly, and not by 429. */
  readonly admitted: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

export const NOTHING: Measured = { count: 0, failed: 0, admitted: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };

/** Which thresholds do not hold, each as a few words. */
export function judgeSeries(gate: Gate, measured: Measured): string[] {
  if (!gate.isJudged) return [];
  const { failedShare, p95Ms, leastCount, admitted } = gate;
  return [
    ...(measured.count < leastCount ? [`${measured.count} asked`] : []),
    ...(measured.failed > failedShare * measured.count ? [`${measured.failed} failed`] : []),
    ...(measured.p95Ms >= p95Ms ? [`p95 ${measured.p95Ms.toFixed(0)} ms`] : []),
    ...(admitted && (measured.admitted < admitted.least || measured.admitted > admitted.most)
      ? [`${measured.admitted} let in`]
      : []),
  ];
}

/** What must hold, in a few words. */
export function gateText({ isJudged, failedShare, p95Ms, leastCount, admitted }: Gate): string {
  if (!isJudged) return 'not judged';
  return [
    `>= ${leastCount} asked`,
    failedShare === 0 ? 'none failed' : `${failedShare * 100} % failed`,
    `p95 < ${p95Ms} ms`,
    ...(admitted ? [`${admitted.least} to ${admitted.most} let in`] : []),
  ].join(', ');
}
