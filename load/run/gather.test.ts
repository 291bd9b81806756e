import { expect, test } from 'vitest';
import { startGathering } from './gather.ts';

test('what is gathered of a series: all requests, faults, what was let in, and how long answers took', () => {
  const gathering = startGathering();
  for (let ms = 1; ms <= 100; ms += 1) gathering.note('quote', { fault: undefined, isAdmitted: ms > 60, ms });
  gathering.note('issue', { fault: 'no answer', isAdmitted: false, ms: undefined });
  expect([gathering.asked(), gathering.failed()]).toEqual([101, 1]);
  expect([...gathering.measured()]).toEqual([
    ['quote', { count: 100, failed: 0, admitted: 40, p50Ms: 50, p95Ms: 95, p99Ms: 99 }],
    ['issue', { count: 1, failed: 1, admitted: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 }],
  ]);
});
