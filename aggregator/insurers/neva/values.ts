import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands } from '#contracts/tariff.ts';
import { factor } from '../reading/factor.ts';
import { hundredths } from '../reading/hundredths.ts';

/** A 64-bit number, which GraphQL's Int is not: as a string. */
export const Kopecks = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})$/, 'must be whole kopecks')
  .transform(Number);

/** A coefficient in thousandths. */
export const PerMille = factor('.', { shift: 3 });

/** Per mille with at most one place, as basis points. */
export const Reward = hundredths('.')
  .refine((hundredthsOfPerMille) => hundredthsOfPerMille % 10 === 0, 'must be per mille with at most one place')
  .transform((hundredthsOfPerMille) => hundredthsOfPerMille / 10)
  .pipe(RateBps);

/** Coefficients by fields of the insurer's names; null is declined, and all of them null refuses the reply. */
export function byField<Value extends string>(fields: Readonly<Record<string, Value>>) {
  return z
    .object(Object.fromEntries(Object.keys(fields).map((field) => [field, PerMille.nullable()])))
    .refine((given) => Object.values(given).some((perMille) => perMille !== null), 'must not all be null')
    .transform((given) => {
      const table: Partial<Record<Value, string>> = {};
      for (const [field, value] of Object.entries(fields)) {
        const perMille = given[field] ?? null;
        if (perMille !== null) table[value] = perMille;
      }
      return table;
    });
}

/** Bands with both ends included: each begins where the one before it ended, the first at 0. */
export const contiguous = (band: z.ZodType<{ from: number; to: number; factor: string }>) =>
  z
    .array(band)
    .max(50)
    .refine(
      (bands) => bands.every(({ from }, index) => from === (index === 0 ? 0 : (bands[index - 1]?.to ?? from) + 1)),
      'bands must begin at 0 and leave no gap',
    );

/** Bands of years or days. */
export const Steps = contiguous(
  z
    .object({ from: z.int(), to: z.int(), perMille: PerMille })
    .transform(({ from, to, perMille }) => ({ from, to, factor: perMille })),
)
  .transform((bands) => bands.map((band) => ({ upTo: band.to, factor: band.factor })))
  .pipe(Bands);

/** The insurer's own word that it does not sell a product; nothing else is taken for it. */
export const notSold = (kind: 'TRAVEL' | 'LIFE') =>
  z.object({ __typename: z.literal('ProductNotSold'), kind: z.literal(kind), message: z.string() }).transform(() => []);
