import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LifeRisk } from '#contracts/risk.ts';
import { LifeTerms } from '#contracts/tariff.ts';
import { anyLifeRisk } from '../any-risk.testing.ts';
import { anyLifeTerms } from '../any-terms.testing.ts';
import { fraction } from '../fraction.testing.ts';
import { parametersConformance } from '../parameters.conformance.ts';
import { ratingConformance } from '../rating.conformance.ts';
import { ofNumber, ofValue, type Reference, reference } from '../reference.testing.ts';
import { LIFE } from './life.ts';

const SEXES = { female: 'women', male: 'men' };
const SMOKERS = { yes: 'smokers', no: 'those who do not smoke' };

function expected({ risk, terms }: { risk: LifeRisk; terms: LifeTerms }): Reference {
  const ageAtEnd = risk.age + risk.years;
  return reference([
    // Per mille of roubles is a tenth of kopecks.
    [BigInt(risk.sumInsured), 10n],
    fraction(terms.ratePerMille),
    [BigInt(risk.years), 1n],
    ofNumber(terms.age, risk.age, 'age over #'),
    ofValue(terms.sex, risk.sex, SEXES[risk.sex]),
    ofValue(terms.smoker, risk.smoker, SMOKERS[risk.smoker]),
    ofValue(terms.occupation, risk.occupation, `${risk.occupation} work`),
    ofNumber(terms.years, risk.years, 'cover over # years'),
    ofNumber(terms.sumInsured, risk.sumInsured, 'sum insured over # roubles'),
    ageAtEnd <= terms.maxAgeAtEnd ? [1n, 1n] : `age at the end of the cover over ${terms.maxAgeAtEnd}`,
  ]);
}

parametersConformance({ product: LIFE, risk: LifeRisk, anyRisk: anyLifeRisk });
ratingConformance<'life'>({
  rate: LIFE.rate,
  terms: LifeTerms,
  anyRisk: anyLifeRisk,
  anyTerms: anyLifeTerms,
  expected,
  codes: ['RATE', 'YEARS', 'AGE', 'SEX', 'SMOKER', 'OCCUPATION', 'TERM', 'SUM'],
});

const TERMS: LifeTerms = {
  ratePerMille: '3.2',
  age: [
    { upTo: 35, factor: '1' },
    { upTo: 65, factor: '1.8' },
  ],
  sex: { female: '0.85', male: '1.15' },
  smoker: { yes: '1.5', no: '1' },
  occupation: { office: '1', manual: '1.3' },
  years: [
    { upTo: 5, factor: '1' },
    { upTo: 20, factor: '0.95' },
  ],
  sumInsured: [{ upTo: 10_000_000, factor: '1' }],
  maxAgeAtEnd: 70,
};

const RISK: LifeRisk = {
  age: 40,
  sex: 'male',
  smoker: 'yes',
  occupation: 'office',
  sumInsured: 3_000_000,
  years: 10,
  startsOn: '2026-12-01',
};

const rate = (change: Partial<LifeRisk>, terms: Partial<LifeTerms> = {}) =>
  LIFE.rate({ risk: { ...RISK, ...change }, terms: { ...TERMS, ...terms } });

describe('rate of cover of a life', () => {
  test('by hand: 3.2 per mille of 3000000 x 10 years x 1.8 x 1.15 x 1.5 x 0.95 is 283176.00 roubles', () => {
    expect(rate({})).toEqual({
      status: 'rated',
      premiumMinor: 28_317_600,
      breakdown: {
        base: '3000.000',
        factors: [
          { code: 'RATE', value: '3.2' },
          { code: 'YEARS', value: '10' },
          { code: 'AGE', value: '1.8' },
          { code: 'SEX', value: '1.15' },
          { code: 'SMOKER', value: '1.5' },
          { code: 'OCCUPATION', value: '1' },
          { code: 'TERM', value: '0.95' },
          { code: 'SUM', value: '1' },
        ],
      },
    });
  });

  test.each<[Partial<LifeRisk>, Partial<LifeRisk>, string]>([
    [{ age: 65, years: 1 }, { age: 66, years: 1 }, 'age over 65: declined'],
    [{ age: 60, years: 10 }, { age: 60, years: 11 }, 'age at the end of the cover over 70: declined'],
    [{ occupation: 'manual' }, { occupation: 'hazardous' }, 'hazardous work: declined'],
    [{ years: 20 }, { years: 21 }, 'cover over 20 years: declined'],
    [{ sumInsured: 10_000_000 }, { sumInsured: 10_000_001 }, 'sum insured over 10000000 roubles: declined'],
    [{}, { age: 69, years: 2 }, 'age over 65, age at the end of the cover over 70: declined'],
  ])('takes %j and declines %j: %s', (inside, outside, reason) => {
    expect(rate(inside)).toMatchObject({ status: 'rated' });
    expect(rate(outside)).toEqual({ status: 'declined', reason });
  });

  test('says in words which sex and which habit a table does not have', () => {
    expect(rate({}, { sex: { female: '1' } })).toHaveProperty('reason', 'men: declined');
    expect(rate({}, { smoker: { no: '1' } })).toHaveProperty('reason', 'smokers: declined');
  });

  test('where sum and term have one coefficient, a larger sum or a longer term never costs less', () => {
    fc.assert(
      fc.property(anyLifeRisk, anyLifeTerms, fc.integer({ min: 1, max: 1_000_000 }), (risk, terms, more) => {
        const one = [{ upTo: 100_000_000, factor: '1' }];
        const flat = { ...terms, sumInsured: one, years: one, maxAgeAtEnd: 200 };
        const smaller = rate(risk, flat);
        fc.pre(smaller.status === 'rated');
        const least = smaller.premiumMinor;
        for (const change of [{ sumInsured: risk.sumInsured + more }, { years: risk.years + 1 }]) {
          const larger = rate({ ...risk, ...change }, flat);
          if (larger.status === 'rated') expect(larger.premiumMinor).toBeGreaterThanOrEqual(least);
          else expect(larger.reason).toContain('10^10');
        }
      }),
    );
  });
});
