import type { Bands } from '#contracts/tariff.ts';
import type { ExactDecimal } from './decimal.ts';
import type { AppliedFactor } from './price.ts';
import type { Refusal } from './price-or-decline.ts';
import { readFactor } from './read-factor.ts';

/** The coefficient of the first band whose `upTo` is not below a whole number; undefined above the last. */
export function bandFactor(bands: Bands, number: number): ExactDecimal | undefined {
  const band = bands.find(({ upTo }) => number <= upTo);
  return band && readFactor(band.factor);
}

/** The last number that bands take: above it the insurer declines. */
export const lastOf = (bands: Bands): number => bands.at(-1)?.upTo ?? 0;

/** The coefficient of a whole number, or the refusal of one above the last band. */
export function byBand(
  code: string,
  look: { bands: Bands; number: number; refusedOver: (limit: number) => string },
): AppliedFactor | Refusal {
  const value = bandFactor(look.bands, look.number);
  return value ? { code, value } : { refused: look.refusedOver(lastOf(look.bands)) };
}

/** The coefficient of the sum insured, roubles, or the refusal of one above the last band. */
export const bySumInsured = (bands: Bands, number: number): AppliedFactor | Refusal =>
  byBand('SUM', { bands, number, refusedOver: (limit) => `sum insured over ${limit} roubles` });

/** The coefficient of a value, or the refusal of one that the table does not have. */
export function byValue<Value extends string>(
  code: string,
  look: { table: Readonly<Partial<Record<Value, string>>>; value: Value; refused: string },
): AppliedFactor | Refusal {
  const text = look.table[look.value];
  return text === undefined ? { refused: look.refused } : { code, value: readFactor(text) };
}
