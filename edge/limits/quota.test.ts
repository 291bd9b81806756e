import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextQuotaIn, quotaOf, type Rate } from './quota.ts';

const rate = fc.record({ limit: fc.integer({ min: 1, max: 100_000 }), percent: fc.integer({ min: 0, max: 100 }) });
const second = fc.integer({ min: 0, max: 4_000_000_000 });

/** Whole requests of the `seconds` seconds from `first`. */
const sumOf = (of: Rate, { first, seconds }: { first: number; seconds: number }) =>
  Array.from({ length: seconds }, (_, at) => quotaOf(of, first + at)).reduce((sum, quota) => sum + quota, 0);

describe('quotaOf', () => {
  it('D6 any 10 s of a share are within one request of ten times the share, and 100 s are exact', () => {
    fc.assert(
      fc.property(rate, second, (of, first) => {
        const exact = (of.limit * of.percent) / 100;
        expect(Math.abs(sumOf(of, { first, seconds: 10 }) - 10 * exact)).toBeLessThanOrEqual(1);
        expect(sumOf(of, { first, seconds: 100 })).toBe(of.limit * of.percent);
      }),
    );
  });

  it('D6 shares that add up to 100 % never add up to more than the limit and one a region', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 0, max: 100 }),
        second,
        (limit, percent, at) => {
          const [one, other] = [quotaOf({ limit, percent }, at), quotaOf({ limit, percent: 100 - percent }, at)];
          expect(one + other).toBeLessThanOrEqual(limit + 1);
        },
      ),
    );
  });

  it('half a request a second is one in every other second, and nothing of nothing', () => {
    const half = { limit: 1, percent: 50 };
    expect([0, 1, 2, 3].map((at) => quotaOf(half, at))).toEqual([0, 1, 0, 1]);
    expect([0, 1].map((at) => nextQuotaIn(half, at))).toEqual([1, 2]);
    expect([quotaOf({ limit: 20, percent: 0 }, 7), nextQuotaIn({ limit: 20, percent: 0 }, 7)]).toEqual([0, 30]);
  });

  it('the next second with anything is the one that is told', () => {
    fc.assert(
      fc.property(
        fc.record({ limit: fc.integer({ min: 1, max: 120 }), percent: fc.integer({ min: 1, max: 100 }) }),
        second,
        (of, at) => {
          const next = nextQuotaIn(of, at);
          expect(quotaOf(of, at + next)).toBeGreaterThan(0);
          for (let between = 1; between < next; between += 1) expect(quotaOf(of, at + between)).toBe(0);
        },
      ),
    );
  });
});
