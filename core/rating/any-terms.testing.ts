import fc from 'fast-check';
import {
  Activity,
  BuildingMaterial,
  Occupation,
  Premises,
  PremisesUse,
  Sex,
  SumInsuredEur,
  Territory,
  YesNo,
} from '#contracts/risk.ts';
import type { Bands, LifeTerms, PropertyTerms, TravelTerms } from '#contracts/tariff.ts';

/** Any coefficient of the contract, its absurd ends more often than chance gives them. */
const anyFactor = fc
  .oneof(
    fc.integer({ min: 1, max: 9_999_999 }),
    fc.integer({ min: 5_000, max: 30_000 }),
    fc.constantFrom(1, 10_000, 9_999_999),
  )
  .map((units) => String(units / 10_000));

const mostly = <Value>(often: fc.Arbitrary<Value>, seldom: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 9, arbitrary: often }, { weight: 1, arbitrary: seldom });

/** Up to eight bands that mostly take every number up to `most`, and seldom end anywhere. */
function anyBands(most: number): fc.Arbitrary<Bands> {
  const uppers = fc.uniqueArray(fc.integer({ min: 0, max: most - 1 }), { minLength: 1, maxLength: 7 });
  const beyond = fc.constantFrom(most, most + 1, Number.MAX_SAFE_INTEGER);
  return mostly(
    fc.tuple(uppers, beyond).map(([some, last]) => [...some, last]),
    uppers,
  ).chain((limits) =>
    fc.tuple(...limits.sort((a, b) => a - b).map((upTo) => anyFactor.map((factor) => ({ upTo, factor })))),
  );
}

/** A table that mostly has every value, and seldom only some. */
const anyTable = <Value extends string>(values: readonly Value[]): fc.Arbitrary<Partial<Record<Value, string>>> =>
  mostly(fc.constant([...values]), fc.subarray([...values]))
    .chain((keys) => fc.tuple(...keys.map((key) => anyFactor.map((factor) => [key, factor] as const))))
    .map((entries) => Object.fromEntries(entries) as Partial<Record<Value, string>>);

/** For tests: any terms that the contract allows. */
export const anyTravelTerms: fc.Arbitrary<TravelTerms> = fc.record({
  dailyRateMinor: fc.oneof(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 20_000 })),
  territory: anyTable(Territory.options),
  sumInsuredEur: anyTable(SumInsuredEur.options),
  activity: anyTable(Activity.options),
  age: anyBands(99),
  days: anyBands(365),
});

/** For tests: any terms that the contract allows. */
export const anyPropertyTerms: fc.Arbitrary<PropertyTerms> = fc.record({
  ratePerMille: anyTable(Premises.options),
  material: anyTable(BuildingMaterial.options),
  use: anyTable(PremisesUse.options),
  alarm: anyTable(YesNo.options),
  buildingAge: anyBands(227),
  sumInsured: anyBands(100_000_000),
  minSumInsured: mostly(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
  months: anyBands(12),
});

/** For tests: any terms that the contract allows. */
export const anyLifeTerms: fc.Arbitrary<LifeTerms> = fc.record({
  ratePerMille: anyFactor,
  age: anyBands(99),
  sex: anyTable(Sex.options),
  smoker: anyTable(YesNo.options),
  occupation: anyTable(Occupation.options),
  years: anyBands(30),
  sumInsured: anyBands(50_000_000),
  maxAgeAtEnd: mostly(fc.integer({ min: 129, max: Number.MAX_SAFE_INTEGER }), fc.integer({ min: 1, max: 129 })),
});
