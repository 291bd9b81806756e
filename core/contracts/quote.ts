import { z } from 'zod';
import { Money } from './money.ts';
import { Decimal, Instant, IsoDate, PartyId, Product, Region } from './words.ts';

/** A price that holds until `expiresAt`: the token is the only thing that buys it. */
export const Offer = z
  .strictObject({
    token: z.string(),
    insurer: PartyId,
    product: Product,
    premium: Money,
    tariff: z.strictObject({ version: z.int().positive(), asOf: Instant, stale: z.boolean() }),
    breakdown: z.strictObject({
      base: Decimal.meta({ description: 'roubles' }),
      factors: z.array(z.strictObject({ code: z.string(), value: Decimal })),
    }),
    expiresAt: Instant,
  })
  .meta({ id: 'Offer' });
export type Offer = z.infer<typeof Offer>;

/** What became of one insurer in a quote. */
export const InsurerOutcome = z.strictObject({
  insurer: PartyId,
  status: z.enum(['offer', 'declined', 'no-tariff', 'hidden-stale']),
  reason: z.string().optional(),
  asOf: Instant.nullable(),
});
export type InsurerOutcome = z.infer<typeof InsurerOutcome>;

/** The canonical risk: every parameter present, as rated and as signed. */
export const OsagoRisk = z
  .strictObject({
    category: z.enum(['B']),
    owner: z.enum(['individual']),
    use: z.enum(['personal']),
    subject: z.string(),
    locality: z.string(),
    kbm: z.string(),
    drivers: z.union([
      z.literal('unlimited'),
      z
        .array(z.strictObject({ age: z.int(), experience: z.int() }))
        .min(1)
        .max(20),
    ]),
    powerHp: z.number(),
    months: z.int(),
    startsOn: IsoDate,
  })
  .meta({ id: 'OsagoRisk' });
export type OsagoRisk = z.infer<typeof OsagoRisk>;

export const Quote = z
  .strictObject({
    product: Product,
    region: Region,
    risk: OsagoRisk,
    ratedAt: Instant,
    offers: z.array(Offer).meta({ description: 'cheapest first' }),
    insurers: z.array(InsurerOutcome),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof Quote>;

/** What `GET /v1/products` says of one product. */
export const ProductDescription = z.strictObject({
  product: Product,
  title: z.string(),
  parameters: z.array(
    z.strictObject({ name: z.string(), required: z.boolean(), allowed: z.string(), example: z.string() }),
  ),
  insurers: z.array(PartyId),
});
export const Products = z.strictObject({ items: z.array(ProductDescription) }).meta({ id: 'Products' });
export type Products = z.infer<typeof Products>;
