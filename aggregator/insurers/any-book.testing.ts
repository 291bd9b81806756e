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
import { type Bands, type LifeTerms, OsagoBaseRow, type PropertyTerms, type TravelTerms } from '#contracts/tariff.ts';
import type { Book, Rate, Sold } from '../../local/insurers/simulator.ts';

const Day = fc
  .integer({ min: 0, max: 1_500 })
  .map((days) => new Date(Date.UTC(2024, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const Price = fc.integer({ min: 1, max: 999_999_999 });
const Commission = fc.integer({ min: 0, max: 10_000 });

/** Up to three rates of one row, one after the other. */
const RowRates = (row: string) =>
  fc
    .tuple(
      fc.uniqueArray(Day, { minLength: 2, maxLength: 4 }),
      fc.array(Price, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
    )
    .map(([days, prices, open]) => {
      days.sort();
      return days.slice(0, -1).map((from, index): Rate => {
        const last = index === days.length - 2;
        return { row, baseRateMinor: prices[index] ?? 1, from, until: last && open ? null : (days[index + 1] ?? null) };
      });
    });

const Rates = fc
  .subarray([...OsagoBaseRow.options], { minLength: 1 })
  .chain((rows) => fc.tuple(...rows.map(RowRates)))
  .chain((groups) => fc.shuffledSubarray(groups.flat(), { minLength: groups.flat().length }));

/** From 0.0001 to 99.9999 without an idle zero. */
const AnyFactor = fc.integer({ min: 1, max: 999_999 }).map((units) => String(units / 10_000));

const AnyBands = (max: number): fc.Arbitrary<Bands> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 6 })
    .chain((uppers) =>
      fc.tuple(...uppers.sort((a, b) => a - b).map((upTo) => AnyFactor.map((factor) => ({ upTo, factor })))),
    );

const AnyTable = <Value extends string>(values: readonly Value[]): fc.Arbitrary<Partial<Record<Value, string>>> =>
  fc
    .subarray([...values], { minLength: 1 })
    .chain((keys) => fc.tuple(...keys.map((key) => AnyFactor.map((factor) => [key, factor] as const))))
    .map((entries) => Object.fromEntries(entries) as Partial<Record<Value, string>>);

const sold = <Terms>(terms: fc.Arbitrary<Terms>): fc.Arbitrary<Sold<Terms>> =>
  fc.record({ commissionRateBps: Commission, terms });

const AnyTravel: fc.Arbitrary<TravelTerms> = fc.record({
  dailyRateMinor: fc.integer({ min: 1, max: 10_000_000 }),
  territory: AnyTable(Territory.options),
  sumInsuredEur: AnyTable(SumInsuredEur.options),
  activity: AnyTable(Activity.options),
  age: AnyBands(99),
  days: AnyBands(365),
});

const AnyProperty: fc.Arbitrary<PropertyTerms> = fc.record({
  ratePerMille: AnyTable(Premises.options),
  material: AnyTable(BuildingMaterial.options),
  use: AnyTable(PremisesUse.options),
  alarm: AnyTable(YesNo.options),
  buildingAge: AnyBands(300),
  sumInsured: AnyBands(100_000_000),
  minSumInsured: fc.integer({ min: 1, max: 1_000_000 }),
  months: AnyBands(12),
});

const AnyLife: fc.Arbitrary<LifeTerms> = fc.record({
  ratePerMille: AnyFactor,
  age: AnyBands(99),
  sex: AnyTable(Sex.options),
  smoker: AnyTable(YesNo.options),
  occupation: AnyTable(Occupation.options),
  years: AnyBands(30),
  sumInsured: AnyBands(50_000_000),
  maxAgeAtEnd: fc.integer({ min: 1, max: 120 }),
});

/** For tests: any book that sells OSAGO and the products of `like`, each of which it may have ceased to sell. */
export function anyBook(like: Book): fc.Arbitrary<Book> {
  const osago = fc.record({ commissionRateBps: Commission, rates: Rates });
  return fc.record(
    {
      osago,
      ...(like.travel && { travel: sold(AnyTravel) }),
      ...(like.property && { property: sold(AnyProperty) }),
      ...(like.life && { life: sold(AnyLife) }),
    },
    { requiredKeys: ['osago'] },
  ) as fc.Arbitrary<Book>;
}
