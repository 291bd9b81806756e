import { expect, it } from 'vitest';
import { every } from './pace.ts';

it.each([
  [0, 0],
  [0.2, 200],
  [1 / 3, 333],
  [1, 1_000],
])('a share of %f is %i of a thousand, evenly', (share, count) => {
  const isDue = every(share);
  const due = Array.from({ length: 1_000 }, isDue);
  expect(due.filter(Boolean).length).toBe(count);
  const half = due.slice(0, 500).filter(Boolean).length;
  expect(Math.abs(half - count / 2)).toBeLessThanOrEqual(1);
});
