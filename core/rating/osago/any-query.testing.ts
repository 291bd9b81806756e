import fc from 'fast-check';
import tables from './tables.json' with { type: 'json' };
import { FOREIGN } from './territory.ts';

/** For tests: the date in Moscow that queries of `anyQuery` are good on. */
export const TODAY = '2026-11-22';

/** For tests: the places of the official table that are on sale. */
export const PLACES = tables.kt.filter((row) => row.subject !== FOREIGN);

const anyDriver = fc
  .integer({ min: 16, max: 99 })
  .chain((age) => fc.tuple(fc.constant(age), fc.integer({ min: 0, max: age - 16 })));

/** For tests: drivers as `[age, experience]` pairs. */
export const anyDrivers = fc.array(anyDriver, { minLength: 1, maxLength: 20 });

/** For tests: drivers as the parameter writes them. */
export const driversText = (drivers: readonly (readonly [number, number])[]): string =>
  drivers.map(([age, experience]) => `${age}:${experience}`).join(',');

const anyPower = fc.oneof(
  fc.constantFrom('1', '50', '50.01', '70', '100', '120', '150', '150.01', '2000'),
  fc.integer({ min: 100, max: 200_000 }).map((hundredths) => String(hundredths / 100)),
);

/** For tests: a good query, every parameter given. */
export const anyQuery = fc
  .record({
    category: fc.constant('B'),
    owner: fc.constant('individual'),
    use: fc.constant('personal'),
    place: fc.constantFrom(...PLACES),
    kbm: fc.constantFrom(...tables.kbm.classes.map((row) => row.class)),
    drivers: fc.oneof(fc.constant('unlimited'), anyDrivers.map(driversText)),
    powerHp: anyPower,
    months: fc.integer({ min: 3, max: 12 }).map(String),
    startsOn: fc.integer({ min: 23, max: 30 }).map((day) => `2026-11-${day}`),
  })
  .map(({ place, ...rest }): Record<string, string> => ({ ...rest, subject: place.subject, locality: place.locality }));

/** For tests: an insurer's base rate of row 2.2 inside the corridor of 7204-У, kopecks. */
export const anyBaseMinor = fc.oneof(fc.constantFrom(139_900, 866_500), fc.integer({ min: 139_900, max: 866_500 }));
