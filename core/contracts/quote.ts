import { z } from 'zod';
import { Money } from './money.ts';
import { Risk } from './risk.ts';
import { Decimal, Instant, PartyId, Product, Region } from './words.ts';

/** A coefficient of a premium; `confidence` and `note` only where its official source is in doubt. */
const FactorApplied = z.strictObject({
  code: z.string(),
  value: Decimal,
  confidence: z.literal('low').optional(),
  note: z.string().optional(),
});

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
      factors: z.array(FactorApplied),
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

export const Quote = z
  .strictObject({
    product: Product,
    region: Region,
    risk: Risk,
    ratedAt: Instant,
    offers: z.array(Offer).meta({ description: 'cheapest first' }),
    insurers: z.array(InsurerOutcome),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof Quote>;

/** The same words in both languages. */
export const Label = z.strictObject({ en: z.string(), ru: z.string() });
export type Label = z.infer<typeof Label>;

/** One parameter of a quote, told well enough to build its field of a form. */
export const ParameterDescription = z.strictObject({
  name: z.string(),
  label: Label,
  type: z.enum(['choice', 'integer', 'decimal', 'date', 'text', 'list']),
  /** Without it the quote is refused; with `onlyFor`, only where that holds. */
  required: z.boolean(),
  /** What its absence stands for, where that does not depend on the other parameters. */
  default: z.string().optional(),
  values: z.array(z.strictObject({ value: z.string(), label: Label })).optional(),
  /** Of integers and decimals, inclusive; of dates, ISO 8601. */
  minimum: z.union([z.number(), z.string()]).optional(),
  maximum: z.union([z.number(), z.string()]).optional(),
  unit: Label.optional(),
  /** It is for these values of another parameter only. */
  onlyFor: z.strictObject({ parameter: z.string(), values: z.array(z.string()) }).optional(),
  /** A path whose `q` finds what may be given. */
  lookup: z.string().optional(),
  /** The rule in a sentence. */
  allowed: z.string(),
  example: z.string(),
});
export type ParameterDescription = z.infer<typeof ParameterDescription>;

/** What `GET /v1/products` says of one product. */
export const ProductDescription = z.strictObject({
  product: Product,
  title: z.string(),
  label: Label,
  parameters: z.array(ParameterDescription),
  insurers: z.array(PartyId),
});

export type ProductDescription = z.infer<typeof ProductDescription>;

export const Products = z.strictObject({ items: z.array(ProductDescription) }).meta({ id: 'Products' });
export type Products = z.infer<typeof Products>;

/** A place as a quote takes it: `subject` and `locality` in the official table's spelling. */
export const Localities = z
  .strictObject({
    items: z.array(
      z.strictObject({
        subject: z.string(),
        locality: z.string(),
        /** `listed`: a place of its own; `whole`: all of its subject; `rest`: what its subject does not list. */
        covers: z.enum(['listed', 'whole', 'rest']),
      }),
    ),
  })
  .meta({ id: 'Localities' });
export type Localities = z.infer<typeof Localities>;
