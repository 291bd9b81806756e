import fc from 'fast-check';
import {
  Activity,
  BuildingMaterial,
  type LifeRisk,
  Occupation,
  Premises,
  PremisesUse,
  type PropertyRisk,
  Sex,
  SumInsuredEur,
  Territory,
  type TravelRisk,
  YesNo,
} from '#contracts/risk.ts';

/** For tests: the date in Moscow that the risks of this file are good on. */
export const TODAY = '2026-11-22';

const startsOn = fc
  .integer({ min: 1, max: 60 })
  .map((days) => new Date(Date.parse(TODAY) + days * 86_400_000).toISOString().slice(0, 10));

/** Numbers of every size alike, and the bounds. */
const anySum = (max: number) =>
  fc.oneof(
    fc.constantFrom(100_000, max),
    fc.integer({ min: 100_000, max }),
    fc.integer({ min: 100_000, max: 999_999 }),
  );

/** For tests: a canonical risk of cover abroad. */
export const anyTravelRisk: fc.Arbitrary<TravelRisk> = fc.record({
  territory: fc.constantFrom(...Territory.options),
  travellers: fc
    .array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 20 })
    .map((ages) => ages.sort((a, b) => a - b)),
  days: fc.integer({ min: 1, max: 365 }),
  sumInsuredEur: fc.constantFrom(...SumInsuredEur.options),
  activity: fc.constantFrom(...Activity.options),
  startsOn,
});

/** For tests: a canonical risk of cover of a home. */
export const anyPropertyRisk: fc.Arbitrary<PropertyRisk> = fc.record({
  premises: fc.constantFrom(...Premises.options),
  material: fc.constantFrom(...BuildingMaterial.options),
  builtYear: fc.integer({ min: 1800, max: 2026 }),
  use: fc.constantFrom(...PremisesUse.options),
  alarm: fc.constantFrom(...YesNo.options),
  sumInsured: anySum(100_000_000),
  months: fc.integer({ min: 1, max: 12 }),
  startsOn,
});

/** For tests: a canonical risk of cover of a life. */
export const anyLifeRisk: fc.Arbitrary<LifeRisk> = fc.record({
  age: fc.integer({ min: 18, max: 99 }),
  sex: fc.constantFrom(...Sex.options),
  smoker: fc.constantFrom(...YesNo.options),
  occupation: fc.constantFrom(...Occupation.options),
  sumInsured: anySum(50_000_000),
  years: fc.integer({ min: 1, max: 30 }),
  startsOn,
});
