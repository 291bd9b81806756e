import type { OsagoRisk } from '#contracts/risk.ts';
import type { Reading } from '../parameters/reading.ts';

/**
 * Bounds of a listed driver, in full years. Experience goes up to age - 15, as the official KVS table's own bands do:
 * its youngest band, 16 to 21 years, ends at 6 of experience.
 */
export const DRIVER = { minAge: 16, maxAge: 99, licenceAge: 15, most: 20 } as const;

/** The rule in words, for errors and descriptions. */
export const DRIVERS_ALLOWED =
  `unlimited, or 1 to ${DRIVER.most} pairs age:experience in full years by comma; ` +
  `age ${DRIVER.minAge} to ${DRIVER.maxAge}, experience at most age - ${DRIVER.licenceAge}`;

/** The drivers, sorted: their order never matters, and two alike stay two. */
export function readDrivers(text: string): Reading<OsagoRisk['drivers']> {
  if (text === 'unlimited') return { value: 'unlimited' };
  const pairs = text.split(',', DRIVER.most + 1);
  if (pairs.length > DRIVER.most) return { error: `has too many drivers; must be ${DRIVERS_ALLOWED}` };
  const drivers = [];
  for (const [index, pair] of pairs.entries()) {
    const driver = readDriver(pair);
    if (!driver) return { error: `pair ${index + 1} is wrong; must be ${DRIVERS_ALLOWED}` };
    drivers.push(driver);
  }
  return { value: drivers.sort((a, b) => a.age - b.age || a.experience - b.experience) };
}

function readDriver(pair: string): { age: number; experience: number } | undefined {
  const match = /^([1-9]\d):(0|[1-9]\d?)$/.exec(pair);
  if (!match) return undefined;
  const [age, experience] = [Number(match[1]), Number(match[2])];
  if (age < DRIVER.minAge || age > DRIVER.maxAge) return undefined;
  return experience <= age - DRIVER.licenceAge ? { age, experience } : undefined;
}
