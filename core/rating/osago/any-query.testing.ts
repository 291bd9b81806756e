import fc from 'fast-check';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { KbmClass, type OsagoRisk, VehicleCategory } from '#contracts/risk.ts';
import { parseOsagoRisk } from './parse-risk.ts';
import { FOREIGN } from './territory.ts';

/** For tests: the date in Moscow that queries of `anyQuery` are good on. */
export const TODAY = '2026-11-22';

/** For tests: the places of the official table that are on sale. */
export const PLACES = tables.kt.filter((row) => row.subject !== FOREIGN);

const anyDriver = fc
  .integer({ min: 16, max: 99 })
  .chain((age) => fc.tuple(fc.constant(age), fc.integer({ min: 0, max: age - 15 })));

/** For tests: drivers as `[age, experience]` pairs. */
export const anyDrivers = fc.array(anyDriver, { minLength: 1, maxLength: 20 });

/** For tests: drivers as the parameter writes them. */
export const driversText = (drivers: readonly (readonly [number, number])[]): string =>
  drivers.map(([age, experience]) => `${age}:${experience}`).join(',');

const anyPower = fc.oneof(
  fc.constantFrom('1', '50', '50.01', '60', '70', '80', '90', '90.01', '100', '120', '150', '150.01', '2000'),
  fc.integer({ min: 100, max: 200_000 }).map((hundredths) => String(hundredths / 100)),
);

const anyMass = fc.oneof(
  fc.constantFrom('500', '16000', '16001', '200000'),
  fc.integer({ min: 500, max: 200_000 }).map(String),
);

/** Written out once more, so that a slip in the rating's own table is seen. */
function usesOf(category: string): readonly string[] {
  if (category === 'B' || category === 'BE') return ['personal', 'taxi'];
  return category === 'D' ? ['personal', 'regular'] : ['personal'];
}

/** For tests: a vehicle of any category, as its query says it; the power is always told. */
export const anyVehicle = fc.constantFrom(...VehicleCategory.options).chain((category) =>
  fc.record({
    category: fc.constant(category),
    owner: fc.constantFrom('individual', 'legal'),
    use: fc.constantFrom(...usesOf(category)),
    ...((category === 'C' || category === 'CE') && { maxMassKg: anyMass }),
    powerHp: anyPower,
  }),
);

/** For tests: a good query, every parameter given that its category takes. */
export const anyQuery = fc
  .record({
    vehicle: anyVehicle,
    place: fc.constantFrom(...PLACES),
    kbm: fc.constantFrom(...KbmClass.options),
    drivers: fc.oneof(fc.constant('unlimited'), anyDrivers.map(driversText)),
    months: fc.integer({ min: 3, max: 12 }).map(String),
    startsOn: fc.integer({ min: 23, max: 30 }).map((day) => `2026-11-${day}`),
  })
  .map(
    ({ vehicle, place: { subject, locality }, ...rest }): Record<string, string> => ({
      ...vehicle,
      ...rest,
      subject,
      locality,
    }),
  );

/** For tests: the canonical risk of a good query. */
export const anyRisk = anyQuery.map((query): OsagoRisk => {
  const parsed = parseOsagoRisk(new URLSearchParams(query), TODAY);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.risk;
});
