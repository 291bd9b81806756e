import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PropertyRisk } from '#contracts/risk.ts';
import { PropertyTerms } from '#contracts/tariff.ts';
import { anyPropertyRisk } from '../any-risk.testing.ts';
import { anyPropertyTerms } from '../any-terms.testing.ts';
import { parametersConformance } from '../parameters.conformance.ts';
import { ratingConformance } from '../rating.conformance.ts';
import { ofNumber, ofValue, type Reference, reference } from '../reference.testing.ts';
import { PROPERTY } from './property.ts';

const PREMISES = { flat: 'flats', house: 'houses' };
const USES = { own: 'premises the owner lives in', rented: 'premises rented out' };
const ALARMS = { yes: 'premises with an alarm', no: 'premises without an alarm' };

function expected({ risk, terms }: { risk: PropertyRisk; terms: PropertyTerms }): Reference {
  const age = new Date(risk.startsOn).getUTCFullYear() - risk.builtYear;
  return reference([
    // Per mille of roubles is a tenth of kopecks.
    [BigInt(risk.sumInsured), 10n],
    ofValue(terms.ratePerMille, risk.premises, PREMISES[risk.premises]),
    ofValue(terms.material, risk.material, `walls of ${risk.material}`),
    ofValue(terms.use, risk.use, USES[risk.use]),
    ofValue(terms.alarm, risk.alarm, ALARMS[risk.alarm]),
    ofNumber(terms.buildingAge, age, 'buildings over # years'),
    ofNumber(terms.sumInsured, risk.sumInsured, 'sum insured over # roubles'),
    ofNumber(terms.months, risk.months, 'cover over # months'),
    risk.sumInsured >= terms.minSumInsured ? [1n, 1n] : `sum insured under ${terms.minSumInsured} roubles`,
  ]);
}

parametersConformance({ product: PROPERTY, risk: PropertyRisk, anyRisk: anyPropertyRisk });
ratingConformance<'property'>({
  rate: PROPERTY.rate,
  terms: PropertyTerms,
  anyRisk: anyPropertyRisk,
  anyTerms: anyPropertyTerms,
  expected,
  codes: ['RATE', 'MATERIAL', 'USE', 'ALARM', 'AGE', 'SUM', 'MONTHS'],
});

const TERMS: PropertyTerms = {
  ratePerMille: { flat: '2.15' },
  material: { brick: '1', concrete: '0.95' },
  use: { own: '1', rented: '1.25' },
  alarm: { yes: '0.9', no: '1' },
  buildingAge: [
    { upTo: 10, factor: '1' },
    { upTo: 60, factor: '1.1' },
  ],
  sumInsured: [
    { upTo: 4_999_999, factor: '1' },
    { upTo: 20_000_000, factor: '0.9' },
  ],
  minSumInsured: 500_000,
  months: [
    { upTo: 3, factor: '0.4' },
    { upTo: 6, factor: '0.6' },
    { upTo: 11, factor: '0.95' },
  ],
};

const RISK: PropertyRisk = {
  premises: 'flat',
  material: 'brick',
  builtYear: 1998,
  use: 'rented',
  alarm: 'no',
  sumInsured: 5_000_000,
  months: 6,
  startsOn: '2026-12-01',
};

const rate = (change: Partial<PropertyRisk>, terms: Partial<PropertyTerms> = {}) =>
  PROPERTY.rate({ risk: { ...RISK, ...change }, terms: { ...TERMS, ...terms } });

describe('rate of cover of a home', () => {
  test('by hand: 2.15 per mille of 5000000 x 1.25 x 1.1 x 0.9 x 0.6 is 7981.875, so 7981.88 roubles', () => {
    expect(rate({})).toEqual({
      status: 'rated',
      premiumMinor: 798_188,
      breakdown: {
        base: '5000.000',
        factors: [
          { code: 'RATE', value: '2.15' },
          { code: 'MATERIAL', value: '1' },
          { code: 'USE', value: '1.25' },
          { code: 'ALARM', value: '1' },
          { code: 'AGE', value: '1.1' },
          { code: 'SUM', value: '0.9' },
          { code: 'MONTHS', value: '0.6' },
        ],
      },
    });
  });

  test.each<[Partial<PropertyRisk>, Partial<PropertyRisk>, string]>([
    [{ premises: 'flat' }, { premises: 'house' }, 'houses: declined'],
    [{ material: 'concrete' }, { material: 'wood' }, 'walls of wood: declined'],
    [{ builtYear: 1966 }, { builtYear: 1965 }, 'buildings over 60 years: declined'],
    // The age counts from the year of the start: a year more from 1 January.
    [
      { builtYear: 1966, startsOn: '2026-12-31' },
      { builtYear: 1966, startsOn: '2027-01-01' },
      'buildings over 60 years: declined',
    ],
    [{ sumInsured: 500_000 }, { sumInsured: 499_999 }, 'sum insured under 500000 roubles: declined'],
    [{ sumInsured: 20_000_000 }, { sumInsured: 20_000_001 }, 'sum insured over 20000000 roubles: declined'],
    [{ months: 11 }, { months: 12 }, 'cover over 11 months: declined'],
    [{}, { material: 'wood', months: 12 }, 'walls of wood, cover over 11 months: declined'],
  ])('takes %j and declines %j: %s', (inside, outside, reason) => {
    expect(rate(inside)).toMatchObject({ status: 'rated' });
    expect(rate(outside)).toEqual({ status: 'declined', reason });
  });

  test('says in words which use and which alarm a table does not have', () => {
    expect(rate({}, { use: { own: '1' } })).toHaveProperty('reason', 'premises rented out: declined');
    expect(rate({}, { alarm: { yes: '1' } })).toHaveProperty('reason', 'premises without an alarm: declined');
  });

  test('where the sum has one coefficient, a larger sum insured never costs less', () => {
    fc.assert(
      fc.property(anyPropertyRisk, anyPropertyTerms, fc.integer({ min: 1, max: 1_000_000 }), (risk, terms, more) => {
        const flat = { ...terms, sumInsured: [{ upTo: 200_000_000, factor: '1' }] };
        const smaller = rate(risk, flat);
        fc.pre(smaller.status === 'rated');
        const larger = rate({ ...risk, sumInsured: risk.sumInsured + more }, flat);
        if (larger.status === 'rated') expect(larger.premiumMinor).toBeGreaterThanOrEqual(smaller.premiumMinor);
        else expect(larger.reason).toContain('10^10');
      }),
    );
  });
});

test.each([
  ['2026-12-31', '2026', true],
  ['2026-12-31', '2027', false],
  ['2027-01-01', '2027', true],
])('parse on %s of a building of %s: %s', (today, builtYear, ok) => {
  const query = { premises: 'flat', material: 'brick', builtYear, sumInsured: '5000000' };
  expect(PROPERTY.parse(new URLSearchParams(query), today)).toMatchObject(
    ok ? { ok } : { ok, errors: [{ field: 'builtYear', message: 'must be a whole number from 1800 to 2026' }] },
  );
});
