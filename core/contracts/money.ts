import * as z from 'zod';

/** An amount in integer kopecks; never a float, on the wire or in a table. */
export const Money = /* @__PURE__ */ z
  .strictObject({
    amountMinor: z.int().meta({ description: 'kopecks', example: 1_234_567 }),
    currency: z.literal('RUB'),
  })
  .meta({ id: 'Money' });
export type Money = z.infer<typeof Money>;

/** Kopecks as Money. */
export const rub = (amountMinor: number): Money => ({ amountMinor, currency: 'RUB' });

/** A rate in basis points: 1 = 0.01 %, 10000 = 100 %. */
export const RateBps = /* @__PURE__ */ z.int().min(0).max(10_000).meta({ description: 'basis points: 1 = 0.01 %' });

/** A share of an amount in kopecks, rounded half up to a kopeck (amounts >= 0). */
export function shareOf(amountMinor: number, rateBps: number): number {
  return Number((BigInt(amountMinor) * BigInt(rateBps) + 5_000n) / 10_000n);
}
