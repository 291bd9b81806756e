import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Money, rub, shareOf } from './money.ts';

const Amount = fc.oneof(fc.maxSafeNat(), fc.nat(10_000_000));
const Rate = fc.integer({ min: 0, max: 10_000 });

describe('shareOf', () => {
  test.each([
    [1_234_567, 1_500, 185_185],
    [100, 50, 1],
    [99, 50, 0],
    [1, 5_000, 1],
    [1, 4_999, 0],
    [3, 5_000, 2],
    [9_007_199_254_740_991, 10_000, 9_007_199_254_740_991],
    [9_007_199_254_740_991, 9_999, 9_006_298_534_815_517],
  ])('of %i kopecks at %i basis points is %i', (amount, rate, share) => {
    expect(shareOf(amount, rate)).toBe(share);
  });

  test('R13 is the exact share, rounded half up to a kopeck', () => {
    fc.assert(
      fc.property(Amount, Rate, (amount, rate) => {
        const leftOver = BigInt(amount) * BigInt(rate) - BigInt(shareOf(amount, rate)) * 10_000n;
        expect(leftOver >= -5_000n && leftOver < 5_000n).toBe(true);
      }),
    );
  });

  test('R13 is a whole number of kopecks from nothing to the amount, and never falls when the rate or the amount grows', () => {
    fc.assert(
      fc.property(Amount, Rate, (amount, rate) => {
        const share = shareOf(amount, rate);
        expect(Number.isSafeInteger(share) && share >= 0 && share <= amount).toBe(true);
        expect(shareOf(amount, Math.min(rate + 1, 10_000))).toBeGreaterThanOrEqual(share);
        expect(shareOf(Math.min(amount + 1, Number.MAX_SAFE_INTEGER), rate)).toBeGreaterThanOrEqual(share);
        expect([shareOf(amount, 0), shareOf(amount, 10_000)]).toEqual([0, amount]);
      }),
    );
  });

  test('R13 two shares that make up the whole differ from it by a kopeck at most', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000), Rate, (amount, rate) => {
        const both = shareOf(amount, rate) + shareOf(amount, 10_000 - rate);
        expect(both - amount).toBeGreaterThanOrEqual(0);
        expect(both - amount).toBeLessThanOrEqual(1);
      }),
    );
  });
});

test.each([
  { amountMinor: 0.5, currency: 'RUB' },
  { amountMinor: '1', currency: 'RUB' },
  { amountMinor: 2 ** 53, currency: 'RUB' },
  { amountMinor: 1, currency: 'USD' },
  { amountMinor: 1 },
  { amountMinor: 1, currency: 'RUB', amount: 1 },
])('money is integer kopecks and nothing else: %j is refused', (value) => {
  expect(Money.safeParse(value).success).toBe(false);
});

test('rub makes money of kopecks', () => {
  expect(Money.parse(rub(1_234_567))).toEqual({ amountMinor: 1_234_567, currency: 'RUB' });
});
