import { expect, test } from 'vitest';
import type { Gate, RunPlan } from './plan-run.ts';
import { summaryLines } from './summary-lines.ts';

const gate = (series: string, isJudged = true): Gate => ({
  series,
  isJudged,
  failedShare: 0,
  p95Ms: 1_000,
  leastCount: 90,
});
const PLAN: RunPlan = {
  name: 'peak',
  seconds: 2,
  streams: [],
  gates: [gate('quote'), gate('issue'), gate('settling: quote', false)],
};

test('summaryLines tells each series beside what must hold; what was not seen at all does not hold', () => {
  const seen = { count: 100, failed: 0, admitted: 100, p50Ms: 3, p95Ms: 20.04, p99Ms: 40 };
  expect(summaryLines(PLAN, new Map([['quote', seen]]))).toEqual([
    'requests         count  failed  let in  p50   p95  p99 ms  must hold                                held',
    'quote              100       0     100  3.0  20.0    40.0  >= 90 asked, none failed, p95 < 1000 ms  yes',
    'issue                0       0       0  0.0   0.0     0.0  >= 90 asked, none failed, p95 < 1000 ms  NO: 0 asked',
    'settling: quote      0       0       0  0.0   0.0     0.0  not judged                               -',
  ]);
});
