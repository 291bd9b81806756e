import { expect, test } from 'vitest';
import { gateText, judgeSeries, type Measured } from './judge-series.ts';
import type { Gate } from './plan-run.ts';

const GATE: Gate = { series: 'quote', isJudged: true, failedShare: 0, p95Ms: 1_000, leastCount: 90 };
const GOOD: Measured = { count: 100, failed: 0, admitted: 100, p50Ms: 3, p95Ms: 20, p99Ms: 40 };
const LIMITED: Gate = { ...GATE, admitted: { least: 180, most: 220 } };

test('judgeSeries finds nothing wrong with what holds, at its very bounds', () => {
  expect(judgeSeries(GATE, GOOD)).toEqual([]);
  expect(judgeSeries(GATE, { ...GOOD, count: 90, p95Ms: 999.9 })).toEqual([]);
  expect(judgeSeries({ ...GATE, failedShare: 0.01 }, { ...GOOD, failed: 1 })).toEqual([]);
  for (const admitted of [180, 220]) expect(judgeSeries(LIMITED, { ...GOOD, admitted })).toEqual([]);
});

test.each([
  [GATE, { count: 89 }, '89 asked'],
  [GATE, { count: 0 }, '0 asked'],
  [GATE, { failed: 1 }, '1 failed'],
  [{ ...GATE, failedShare: 0.01 }, { failed: 2 }, '2 failed'],
  [GATE, { p95Ms: 1_000 }, 'p95 1000 ms'],
  [LIMITED, { admitted: 221 }, '221 let in'],
  [LIMITED, { admitted: 179 }, '179 let in'],
] as const)('judgeSeries with %j finds %j', (gate, change, fault) => {
  expect(judgeSeries(gate, { ...GOOD, admitted: 200, ...change })).toEqual([fault]);
});

test('what is not judged fails nothing, and says so', () => {
  const gate = { ...GATE, isJudged: false };
  expect(judgeSeries(gate, { ...GOOD, failed: 100, count: 0, p95Ms: 60_000 })).toEqual([]);
  expect(gateText(gate)).toBe('not judged');
});

test('gateText says all that must hold', () => {
  expect(gateText(GATE)).toBe('>= 90 asked, none failed, p95 < 1000 ms');
  expect(gateText({ ...LIMITED, failedShare: 0.01 })).toBe('>= 90 asked, 1 % failed, p95 < 1000 ms, 180 to 220 let in');
});
