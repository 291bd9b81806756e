import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TravelRisk } from '#contracts/risk.ts';
import { TravelTerms } from '#contracts/tariff.ts';
import { anyTravelRisk, TODAY } from '../any-risk.testing.ts';
import { anyTravelTerms } from '../any-terms.testing.ts';
import { total } from '../fraction.testing.ts';
import { parametersConformance } from '../parameters.conformance.ts';
import { ratingConformance } from '../rating.conformance.ts';
import { ofNumber, ofValue, type Reference, reference } from '../reference.testing.ts';
import { TRAVEL } from './travel.ts';

const ACTIVITIES = { none: 'trips without sport', sport: 'sport', extreme: 'extreme activity' };

function expected({ risk, terms }: { risk: TravelRisk; terms: TravelTerms }): Reference {
  const over = `travellers over ${terms.age.at(-1)?.upTo}`;
  const ages = risk.travellers.map((age) => ofNumber(terms.age, age, over));
  return reference([
    [BigInt(terms.dailyRateMinor), 1n],
    [BigInt(risk.days), 1n],
    ages.includes(over) ? over : total(ages.filter((part) => typeof part !== 'string')),
    ofValue(terms.territory, risk.territory, `territory ${risk.territory}`),
    ofValue(terms.sumInsuredEur, risk.sumInsuredEur, `sum insured of €${risk.sumInsuredEur}`),
    ofValue(terms.activity, risk.activity, ACTIVITIES[risk.activity]),
    ofNumber(terms.days, risk.days, 'trips over # days'),
  ]);
}

parametersConformance({ product: TRAVEL, risk: TravelRisk, anyRisk: anyTravelRisk });
ratingConformance<'travel'>({
  rate: TRAVEL.rate,
  terms: TravelTerms,
  anyRisk: anyTravelRisk,
  anyTerms: anyTravelTerms,
  expected,
  codes: ['DAYS', 'TRAVELLERS', 'TERRITORY', 'SUM', 'ACTIVITY', 'DURATION'],
});

const TERMS: TravelTerms = {
  dailyRateMinor: 12_000,
  territory: { schengen: '1.1', world: '1.7' },
  sumInsuredEur: { '30000': '1', '50000': '1.25' },
  activity: { none: '1', sport: '1.6' },
  age: [
    { upTo: 17, factor: '0.9' },
    { upTo: 64, factor: '1' },
    { upTo: 75, factor: '2.5' },
  ],
  days: [
    { upTo: 7, factor: '1' },
    { upTo: 180, factor: '0.95' },
  ],
};

const RISK: TravelRisk = {
  territory: 'schengen',
  travellers: [7, 34, 70],
  days: 10,
  sumInsuredEur: '50000',
  activity: 'sport',
  startsOn: '2026-12-01',
};

const rate = (change: Partial<TravelRisk>, terms: Partial<TravelTerms> = {}) =>
  TRAVEL.rate({ risk: { ...RISK, ...change }, terms: { ...TERMS, ...terms } });

describe('rate of cover abroad', () => {
  test('by hand: 120.00 x 10 days x (0.9 + 1 + 2.5) x 1.1 x 1.25 x 1.6 x 0.95 is 11035.20 roubles', () => {
    expect(rate({})).toEqual({
      status: 'rated',
      premiumMinor: 1_103_520,
      breakdown: {
        base: '120.00',
        factors: [
          { code: 'DAYS', value: '10' },
          { code: 'TRAVELLERS', value: '4.4' },
          { code: 'TERRITORY', value: '1.1' },
          { code: 'SUM', value: '1.25' },
          { code: 'ACTIVITY', value: '1.6' },
          { code: 'DURATION', value: '0.95' },
        ],
      },
    });
  });

  test('by hand: 0.09 x 0.5 x 0.5 is 0.0225, so 2 kopecks: rounding after each factor would give 3', () => {
    const half = { dailyRateMinor: 9, territory: { schengen: '0.5' }, activity: { none: '0.5' } } as const;
    const alone: Partial<TravelRisk> = { travellers: [30], days: 1, sumInsuredEur: '30000', activity: 'none' };
    expect(rate(alone, half)).toMatchObject({ premiumMinor: 2 });
    // 0.5 of a kopeck is one kopeck, and less is no premium at all.
    expect(rate(alone, { ...half, dailyRateMinor: 2 })).toMatchObject({ premiumMinor: 1 });
    expect(rate(alone, { ...half, dailyRateMinor: 1 })).toMatchObject({ status: 'declined' });
  });

  test.each<[Partial<TravelRisk>, Partial<TravelRisk>, string]>([
    [{ travellers: [0, 75] }, { travellers: [0, 76] }, 'travellers over 75: declined'],
    [{ days: 180 }, { days: 181 }, 'trips over 180 days: declined'],
    [{ activity: 'sport' }, { activity: 'extreme' }, 'extreme activity: declined'],
    [{ territory: 'world' }, { territory: 'usa-canada' }, 'territory usa-canada: declined'],
    [{ sumInsuredEur: '30000' }, { sumInsuredEur: '100000' }, 'sum insured of €100000: declined'],
    [{}, { travellers: [80, 90], days: 365 }, 'travellers over 75, trips over 180 days: declined'],
  ])('takes %j and declines %j: %s', (inside, outside, reason) => {
    expect(rate(inside)).toMatchObject({ status: 'rated' });
    expect(rate(outside)).toEqual({ status: 'declined', reason });
  });

  test('any order of the travellers is the same canonical risk and the same price', () => {
    const anyTwoOrders = anyTravelRisk.chain(({ travellers }) =>
      fc.tuple(fc.constant(travellers), fc.shuffledSubarray(travellers, { minLength: travellers.length })),
    );
    fc.assert(
      fc.property(anyTwoOrders, anyTravelTerms, ([travellers, others], terms) => {
        const query = { territory: 'asia', days: '3' };
        const parse = (ages: number[]) => TRAVEL.parse(new URLSearchParams({ ...query, travellers: `${ages}` }), TODAY);
        expect(parse(others)).toEqual(parse(travellers));
        expect(parse(others)).toMatchObject({ ok: true, risk: { travellers: travellers.toSorted((a, b) => a - b) } });
        expect(rate({ travellers: others }, terms)).toEqual(rate({ travellers }, terms));
      }),
    );
  });

  test('where the days have one coefficient, a longer trip or one more traveller never costs less', () => {
    fc.assert(
      fc.property(anyTravelRisk, anyTravelTerms, (risk, terms) => {
        const flat = { ...terms, days: [{ upTo: 366, factor: '1' }] };
        const shorter = rate(risk, flat);
        fc.pre(shorter.status === 'rated');
        const least = shorter.premiumMinor;
        for (const longer of [
          rate({ ...risk, days: risk.days + 1 }, flat),
          rate({ ...risk, travellers: [...risk.travellers, 0] }, flat),
        ]) {
          if (longer.status === 'rated') expect(longer.premiumMinor).toBeGreaterThanOrEqual(least);
          else expect(longer.reason).toContain('10^10');
        }
      }),
    );
  });
});

test.each([
  ['', 'age 1'],
  ['35,', 'age 2'],
  ['35, 34', 'age 2'],
  ['100', 'age 1'],
  ['35,-1', 'age 2'],
  ['07', 'age 1'],
  ['7.5', 'age 1'],
  ['1e1', 'age 1'],
  ['35;34', 'age 1'],
  ['٣٥', 'age 1'],
  [Array(21).fill(35).join(','), 'too many ages'],
])('parse refuses travellers %j', (travellers, message) => {
  const query = { territory: 'asia', days: '3', travellers };
  expect(TRAVEL.parse(new URLSearchParams(query), TODAY)).toEqual({
    ok: false,
    errors: [{ field: 'travellers', message: expect.stringContaining(message) }],
  });
});
