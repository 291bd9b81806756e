import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Admission, checkLimit, checkServed, mostWithin } from './limit.ts';

const ALFA = { caller: 'alfa', perSecond: 20 };
const at = (ms: number, count = 20): Admission[] => Array(count).fill({ sentAt: ms, answeredAt: ms });
/** So many at the very beginning of each second. */
const bursts = (counts: readonly number[]) => counts.flatMap((count, second) => at(second * 1_000, count));

test('D1 ten seconds with one limit more around their turn are allowed, one request more is found', () => {
  // The last ms of a second, the nine whole ones after it, and the first of the next.
  const turn = [...at(999), ...bursts([0, ...Array(9).fill(20)]), ...at(10_000)];
  expect(checkLimit(turn, ALFA)).toEqual([]);
  expect(checkLimit([...turn, ...at(5_500, 1)], ALFA)).toEqual([
    'alfa was admitted 221 times in the 10 s from 1970-01-01T00:00:00.999Z, more than 220',
  ]);
});

test('D1 D6 two regions that keep the whole limit each are found, whatever the order in which they tell', () => {
  const region = bursts(Array(12).fill(20));
  expect(checkLimit(region, ALFA)).toEqual([]);
  const both = [...region, ...region.map(({ sentAt }) => ({ sentAt: sentAt + 500, answeredAt: sentAt + 501 }))];
  expect(checkLimit(both, ALFA)).toHaveLength(1);
});

test('D1 a burst of one second is found among quiet ones', () => {
  expect(checkLimit([...at(1_000, 221), ...at(60_000)], ALFA)).toHaveLength(1);
  expect(checkLimit([], ALFA)).toEqual([]);
});

test('what an edge may have let in before the ten seconds, or after them, is not counted in them', () => {
  const full = bursts(Array(11).fill(20));
  // Let in during the second before, for all that is known.
  expect(checkLimit([...full, ...Array(10).fill({ sentAt: -900, answeredAt: 100 })], ALFA)).toEqual([]);
  expect(checkLimit([...full, ...at(100, 30)], ALFA)).toHaveLength(1);
});

test('the most within a stretch is that of counting anew from each request', () => {
  const admission = fc
    .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 100 }))
    .map(([sentAt, tookMs]) => ({ sentAt, answeredAt: sentAt + tookMs }));
  fc.assert(
    fc.property(fc.array(admission, { maxLength: 60 }), fc.integer({ min: 1, max: 200 }), (all, windowMs) => {
      const counts = all.map(
        ({ sentAt: from }) =>
          all.filter(({ sentAt, answeredAt }) => sentAt >= from && answeredAt < from + windowMs).length,
      );
      expect(mostWithin(all, windowMs).count).toBe(Math.max(0, ...counts));
    }),
  );
});

test('a limiter that refuses nearly all does not pass for one that keeps the limit', () => {
  expect(checkServed(180, { ...ALFA, seconds: 10 })).toEqual([]);
  expect(checkServed(179, { ...ALFA, seconds: 10 })).toEqual([
    'alfa was admitted 179 times in 10 s, less than 180 of the 20 a second agreed',
  ]);
});
