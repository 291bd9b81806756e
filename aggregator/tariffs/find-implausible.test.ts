import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OsagoBaseRow, type TravelTerms } from '#contracts/tariff.ts';
import { anyBook } from '../insurers/any-book.testing.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { findImplausible } from './find-implausible.ts';

const TODAY = '2026-11-22';

const osago = (baseRatesMinor: Partial<Record<OsagoBaseRow, number>>, commissionRateBps = 700): CollectedTariff => ({
  product: 'osago',
  commissionRateBps,
  terms: { baseRatesMinor },
});
const TRAVEL: TravelTerms = {
  dailyRateMinor: 10_000,
  territory: { schengen: '1', asia: '1.2' },
  sumInsuredEur: { '30000': '1' },
  activity: { none: '1', sport: '1.8' },
  age: [
    { upTo: 64, factor: '1' },
    { upTo: 75, factor: '2' },
  ],
  days: [{ upTo: 365, factor: '0.9' }],
};
const travel = (changes: Partial<TravelTerms>): CollectedTariff => ({
  product: 'travel',
  commissionRateBps: 2_000,
  terms: { ...TRAVEL, ...changes },
});
const find = (now: CollectedTariff, before?: CollectedTariff) =>
  findImplausible([now], { known: before ? [before] : [], today: TODAY });

describe('R14 findImplausible', () => {
  test('believes a base rate at both bounds of its official corridor, and none a kopeck outside', () => {
    expect(find(osago({ '2.2': 139_900, '7': 38_300 }))).toEqual([]);
    expect(find(osago({ '2.2': 866_500, '7': 367_800 }))).toEqual([]);
    expect(find(osago({ '2.2': 139_899, '7': 367_801 }))).toEqual([
      'osago: base rate of row 7, 3678.01, is outside the corridor of 383.00 to 3678.00 roubles',
      'osago: base rate of row 2.2, 1398.99, is outside the corridor of 1399.00 to 8665.00 roubles',
    ]);
  });

  test('every official row has a corridor that is checked', () => {
    for (const row of OsagoBaseRow.options) expect(find(osago({ [row]: 1 })), row).toHaveLength(1);
  });

  test('believes a base rate just one half higher or lower, and none a kopeck more', () => {
    const before = osago({ '2.2': 400_000 });
    expect([600_000, 200_000].map((rate) => find(osago({ '2.2': rate }), before))).toEqual([[], []]);
    expect(find(osago({ '2.2': 600_001 }), before)).toEqual([
      'osago: base rate of row 2.2 went from 4000.00 to 6000.01 roubles',
    ]);
    expect(find(osago({ '2.2': 199_999 }), before)).toEqual([
      'osago: base rate of row 2.2 went from 4000.00 to 1999.99 roubles',
    ]);
  });

  test('a row that is new or gone is no jump', () => {
    expect(find(osago({ '2.2': 400_000, '2.3': 900_000 }), osago({ '2.2': 400_000, '1': 20_000 }))).toEqual([]);
  });

  test('a commission that jumps is not believed either', () => {
    expect(find(osago({ '2.2': 400_000 }, 7_000), osago({ '2.2': 400_000 }, 700))).toEqual([
      'osago: commission went from 7 % to 70 %',
    ]);
    expect(find(osago({ '2.2': 400_000 }, 700), osago({ '2.2': 400_000 }, 0))).toEqual([]);
  });

  test.each<[string, Partial<TravelTerms>]>([
    ['the daily rate', { dailyRateMinor: 15_001 }],
    ['one key of one table', { activity: { none: '1', sport: '2.7001' } }],
    [
      'one band',
      {
        age: [
          { upTo: 64, factor: '1' },
          { upTo: 75, factor: '3.0001' },
        ],
      },
    ],
    [
      'a band cut in two',
      {
        age: [
          { upTo: 30, factor: '1.5001' },
          { upTo: 64, factor: '1' },
          { upTo: 75, factor: '2' },
        ],
      },
    ],
    ['several factors that rise together', { dailyRateMinor: 13_000, territory: { schengen: '1.2', asia: '1.2' } }],
  ])('of factor tables, %s above one half is a jump of prices', (_, changes) => {
    expect(find(travel(changes), travel({}))).toEqual(['travel: prices may have risen by more than half']);
    const back = find(travel({}), travel(changes));
    expect(back.every((finding) => finding.startsWith('travel: prices may have fallen'))).toBe(true);
  });

  test.each<[string, Partial<TravelTerms>]>([
    ['one half in one place', { dailyRateMinor: 15_000 }],
    ['one half in a factor that a float would round up', { days: [{ upTo: 365, factor: '1.35' }] }],
    ['what moves against each other', { dailyRateMinor: 20_000, days: [{ upTo: 365, factor: '0.5' }] }],
    ['a key that is new', { territory: { schengen: '1', asia: '1.2', world: '900' } }],
    ['a lower limit of age', { age: [{ upTo: 64, factor: '1' }] }],
  ])('of factor tables, %s is believed', (_, changes) => {
    expect(find(travel(changes), travel({}))).toEqual([]);
  });

  test('whatever two tariffs of a product are, an answer and no error; of the same tariff no jump', () => {
    const book = { osago: { commissionRateBps: 1, rates: [] }, travel: 1, property: 1, life: 1 };
    const any = anyBook(book as never).map((made) =>
      (['travel', 'property', 'life'] as const).flatMap((product): CollectedTariff[] => {
        const sold = made[product];
        return sold ? [{ product, ...sold } as CollectedTariff] : [];
      }),
    );
    fc.assert(
      fc.property(any, any, (now, before) => {
        for (const finding of findImplausible(now, { known: before, today: TODAY })) expect(finding).toMatch(/^\w+: /);
        expect(findImplausible(now, { known: now, today: TODAY })).toEqual([]);
      }),
    );
  });
});
