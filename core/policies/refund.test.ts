import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { halfUp } from '../rating/fraction.testing.ts';
import { addDays } from '../rating/parameters/starts-on.ts';
import { clawback, type Paid, refundOf } from './refund.ts';

const YEAR: Paid = {
  product: 'property',
  premiumMinor: 365_000,
  issuedAt: '2026-11-22T10:00:00.000Z',
  startsOn: '2026-12-10',
  endsOn: '2027-12-09',
};
const noonOf = (date: string) => new Date(`${date}T12:00:00+03:00`);
const refundOn = (date: string, changes: Partial<Paid> = {}) => refundOf({ ...YEAR, ...changes }, noonOf(date));

describe('the whole premium', () => {
  test.each(['2026-11-22', '2026-12-06'])('goes back on %s: within 14 days, cover not begun', (date) => {
    expect(refundOn(date)).toBe(365_000);
    expect(refundOn(date, { product: 'osago' })).toBe(365_000);
  });

  test('goes back up to the last millisecond of the 14th day in Moscow, of a contract of just after midnight there', () => {
    const paid: Paid = { ...YEAR, product: 'osago', issuedAt: '2026-11-22T21:00:00.000Z' };
    expect(refundOf(paid, new Date('2026-12-07T20:59:59.999Z'))).toBe(365_000);
    expect(refundOf(paid, new Date('2026-12-07T21:00:00.000Z'))).toBe(281_050);
  });

  test('does not go back once cover has begun, from the first millisecond of its first day in Moscow', () => {
    const paid: Paid = { ...YEAR, startsOn: '2026-11-24', endsOn: '2027-11-23' };
    expect(refundOf(paid, new Date('2026-11-23T20:59:59.999Z'))).toBe(365_000);
    expect(refundOf(paid, new Date('2026-11-23T21:00:00.000Z'))).toBe(364_000);
  });
});

describe('the unused part', () => {
  test.each<[string, string, Partial<Paid>, number | undefined]>([
    ['all of it before the first day, though the contract is 15 days old', '2026-12-07', {}, 365_000],
    ['of OSAGO 77 % of that', '2026-12-07', { product: 'osago' }, 281_050],
    ['without the first day, on it', '2026-12-10', {}, 364_000],
    ['one day, on the last but one', '2027-12-08', {}, 1_000],
    ['none on the last day: there is nothing to cancel', '2027-12-09', {}, undefined],
    ['none later', '2027-12-10', {}, undefined],
    [
      'of a leap year in 366 parts',
      '2028-01-01',
      { startsOn: '2028-01-01', endsOn: '2028-12-31', premiumMinor: 366_000 },
      365_000,
    ],
    ['rounded half up: 2.5', '2026-12-10', { endsOn: '2026-12-11', premiumMinor: 5 }, 3],
    [
      'rounded once: 3/7 of 104 is 44.57, and 77 % of it 34.32',
      '2026-12-13',
      { endsOn: '2026-12-16', premiumMinor: 104, product: 'osago' },
      34,
    ],
    ['exact beyond 2^53', '2026-12-10', { premiumMinor: Number.MAX_SAFE_INTEGER }, 8_982_521_996_508_824],
    [
      'of a journey of one day: all before it',
      '2026-12-09',
      { product: 'travel', startsOn: '2026-12-10', endsOn: '2026-12-10' },
      365_000,
    ],
    [
      'of a journey of one day: none on it',
      '2026-12-10',
      { product: 'travel', startsOn: '2026-12-10', endsOn: '2026-12-10' },
      undefined,
    ],
  ])('is %s', (_what, date, changes, refund) => {
    expect(refundOn(date, changes)).toBe(refund);
  });
});

const anyDay = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2026-11-22', days));
const anyPaid: fc.Arbitrary<Paid> = fc
  .record({
    product: fc.constantFrom(...Product.options),
    premiumMinor: fc.oneof(
      fc.integer({ min: 1, max: 10_000_000 }),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    ),
    issuedAt: fc.integer({ min: 0, max: 86_399_999 }).map((ms) => new Date(Date.UTC(2027, 11, 20) + ms).toISOString()),
    startsIn: fc.integer({ min: 1, max: 60 }),
    days: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(365, 366), fc.integer({ min: 1, max: 1_100 })),
  })
  .map(({ startsIn, days, ...rest }) => {
    const startsOn = addDays(moscowDate(new Date(rest.issuedAt)), startsIn);
    return { ...rest, startsOn, endsOn: addDays(startsOn, days - 1) };
  });

/** Slowly: day by day over the calendar, in exact fractions. */
function slowly({ product, premiumMinor, issuedAt, startsOn, endsOn }: Paid, today: string): bigint | undefined {
  let [all, left] = [0n, 0n];
  for (let day = startsOn; day <= endsOn; day = addDays(day, 1)) {
    all += 1n;
    if (day > today) left += 1n;
  }
  if (left === 0n) return undefined;
  let age = 0;
  for (let day = moscowDate(new Date(issuedAt)); day < today; day = addDays(day, 1)) age += 1;
  if (age <= 14 && left === all) return BigInt(premiumMinor);
  return halfUp([BigInt(premiumMinor) * left * (product === 'osago' ? 77n : 100n), all * 100n]);
}

describe('D9 of any policy on any day the refund', () => {
  test('is that of an independent count of days in exact fractions', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyPaid, fc.integer({ min: -1, max: 1_200 }), (paid, days) => {
        const today = addDays(moscowDate(new Date(paid.issuedAt)), Math.max(0, days));
        const refund = refundOf(paid, noonOf(today));
        expect(refund === undefined ? undefined : BigInt(refund)).toBe(slowly(paid, today));
      }),
    );
  });

  test('is from nothing to the premium, and never grows with time', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyPaid, fc.nat(1_200), fc.nat(400), (paid, days, later) => {
        const contractDate = moscowDate(new Date(paid.issuedAt));
        const [first, second] = [days, days + later].map((after) =>
          refundOf(paid, noonOf(addDays(contractDate, after))),
        );
        for (const refund of [first, second]) {
          if (refund === undefined) continue;
          expect(Number.isSafeInteger(refund) && refund >= 0 && refund <= paid.premiumMinor).toBe(true);
        }
        expect(second ?? -1).toBeLessThanOrEqual(first ?? -1);
      }),
    );
  });

  test('is a question of the day in Moscow, not of its hour', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyPaid, anyDay, fc.nat(86_399_999), (paid, day, ms) => {
        const at = new Date(Date.parse(`${day}T00:00:00+03:00`) + ms);
        expect(refundOf(paid, at)).toBe(refundOf(paid, noonOf(day)));
      }),
    );
  });
});

describe('D9 clawback', () => {
  test('gives back of a commission the part that the refund is of the premium, half up, and all of it with all', {
    timeout: 60_000,
  }, () => {
    const amounts = fc.tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat());
    fc.assert(
      fc.property(amounts, ([a, b, c]) => {
        const premiumMinor = Math.max(a, b, 1);
        const [refundMinor, amount] = [Math.min(a, b), Math.min(c, premiumMinor)];
        const back = clawback(amount, { refundMinor, premiumMinor });
        expect(BigInt(back)).toBe(halfUp([BigInt(amount) * BigInt(refundMinor), BigInt(premiumMinor)]));
        expect(back <= amount).toBe(true);
        expect(clawback(amount, { refundMinor: premiumMinor, premiumMinor })).toBe(amount);
        expect(clawback(amount, { refundMinor: 0, premiumMinor })).toBe(0);
      }),
    );
  });
});
