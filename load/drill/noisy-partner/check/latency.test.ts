import { expect, test } from 'vitest';
import { checkLatency, compareLatency } from './latency.ts';

/** Slices of 100 requests each, whose 95th percentile is so many ms; the slowest twentieth is left out of it. */
const slices = (...p95s: number[]) =>
  p95s.map((ms) => [...Array(60).fill(ms / 4), ...Array(35).fill(ms), ...Array(5).fill(900)]);

test('D1 R7 a tenth more is allowed, more than that is found and told in ms', () => {
  const without = slices(2, 2, 2, 2);
  expect(checkLatency('beta', compareLatency({ withOffender: slices(2.2, 2.2, 2.2, 2.2), without }))).toEqual([]);
  expect(checkLatency('beta', compareLatency({ withOffender: slices(2.5, 2.5, 2.5, 2.5), without }))).toEqual([
    'p95 of beta is 2.50 ms with alfa and 2.00 without: 1.25 times, A/A 1.00',
  ]);
});

test('a difference no larger than that of a thing to itself proves nothing, a larger one does', () => {
  const without = slices(2, 3, 2, 3);
  // Halved at random it is twos against threes once in three times.
  const within = compareLatency({ withOffender: slices(4, 4, 4, 4), without });
  expect(within).toMatchObject({ withoutMs: 3, noise: 1.5 });
  expect(checkLatency('beta', within)).toEqual([]);
  expect(checkLatency('beta', compareLatency({ withOffender: slices(5, 5, 5, 5), without }))).toHaveLength(1);
  // The noise of the other side counts as well.
  const unsteady = compareLatency({ withOffender: slices(2, 3, 2, 3), without: slices(2, 2, 2, 2) });
  expect(unsteady.noise).toBe(1.5);
});

test('the percentile is of all slices together, and of nothing it does not pass', () => {
  const { withMs, withoutMs, ratio } = compareLatency({ withOffender: [[1], [9]], without: [[2], [4]] });
  expect([withMs, withoutMs, ratio]).toEqual([9, 4, 2.25]);
  expect(checkLatency('beta', compareLatency({ withOffender: [], without: [] }))).toHaveLength(1);
});
