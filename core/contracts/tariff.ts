import { z } from 'zod';
import { RateBps } from './money.ts';
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
} from './risk.ts';
import { Instant, PartyId, Product } from './words.ts';

/** A row of the base rates table of the Bank of Russia's directive 7204-У, Annex 1: `2.2` is cars of individuals. */
export const OsagoBaseRow = z.enum(['1', '2.1', '2.2', '2.3', '3.1', '3.2', '4.1', '4.2', '4.3', '5', '6', '7']);
export type OsagoBaseRow = z.infer<typeof OsagoBaseRow>;

/** What an insurer sets itself in OSAGO: its base rates inside the official corridor, kopecks by row. */
export const OsagoTerms = z.strictObject({
  baseRatesMinor: z.partialRecord(OsagoBaseRow, z.int().positive()),
});
export type OsagoTerms = z.infer<typeof OsagoTerms>;

/** A coefficient above 0 and below 1000, at most four places; written one way only, so that `1.50` is no change of `1.5`. */
export const Factor = z
  .string()
  .regex(
    /^(?!0$)(0|[1-9]\d{0,2})(\.\d{0,3}[1-9])?$/,
    'must be a decimal above 0 with at most four places and no idle zero',
  )
  .meta({ example: '1.15' });

const MOST_BANDS = 50;

/**
 * Coefficients by a whole number: the first band whose `upTo` (inclusive) is not below it holds. Ascending; above the
 * last band the insurer declines, so the last `upTo` is its limit.
 */
export const Bands = z
  .array(z.strictObject({ upTo: z.int().nonnegative(), factor: Factor }))
  .min(1)
  .max(MOST_BANDS)
  .refine((bands) => bands.every(({ upTo }, index) => index === 0 || upTo > (bands[index - 1]?.upTo ?? upTo)), {
    message: 'bands must ascend',
  });
export type Bands = z.infer<typeof Bands>;

/** Coefficients by a value; the insurer declines one that is absent. */
const byValue = <Value extends z.ZodEnum>(values: Value) => z.partialRecord(values, Factor);

/** Medical cover abroad: premium = daily rate x days x sum of the travellers' age factors x the other factors. */
export const TravelTerms = z.strictObject({
  /** Kopecks for one traveller and one day. */
  dailyRateMinor: z.int().positive().max(10_000_000),
  territory: byValue(Territory),
  sumInsuredEur: byValue(SumInsuredEur),
  activity: byValue(Activity),
  /** By age in full years; above the last: declined. */
  age: Bands,
  /** By days of the trip. */
  days: Bands,
});
export type TravelTerms = z.infer<typeof TravelTerms>;

/** A flat or a house: premium = sum insured x rate of the kind x the factors. */
export const PropertyTerms = z.strictObject({
  /** Of the sum insured, for a year. */
  ratePerMille: byValue(Premises),
  material: byValue(BuildingMaterial),
  use: byValue(PremisesUse),
  alarm: byValue(YesNo),
  /** By the building's age in years, the calendar year of the start less the year it was built. */
  buildingAge: Bands,
  /** By the sum insured, roubles. */
  sumInsured: Bands,
  /** Roubles; less is declined. */
  minSumInsured: z.int().positive(),
  /** By months of cover: a short period costs more than its share of the year. */
  months: Bands,
});
export type PropertyTerms = z.infer<typeof PropertyTerms>;

/** Term life: premium for the whole term = sum insured x annual rate x years x the factors. */
export const LifeTerms = z.strictObject({
  /** Of the sum insured, for a year of cover. */
  ratePerMille: Factor,
  /** By age in full years on the first day of cover. */
  age: Bands,
  sex: byValue(Sex),
  smoker: byValue(YesNo),
  occupation: byValue(Occupation),
  /** By the term in years. */
  years: Bands,
  /** By the sum insured, roubles. */
  sumInsured: Bands,
  /** Age at the start plus the term; more is declined. */
  maxAgeAtEnd: z.int().positive(),
});
export type LifeTerms = z.infer<typeof LifeTerms>;

const TERMS = { osago: OsagoTerms, travel: TravelTerms, property: PropertyTerms, life: LifeTerms } as const;

/** The terms of a product's tariff. */
export type TermsOf<P extends Product> = z.infer<(typeof TERMS)[P]>;

const tariffOf = <P extends Product>(product: P) =>
  z.strictObject({
    insurer: PartyId,
    product: z.literal(product),
    /** 32 bits, as it is stored: one that no table takes would block what is behind it. */
    version: z.int32().positive(),
    asOf: Instant,
    /** The agent's commission that the insurer pays to the company, of the premium. */
    commissionRateBps: RateBps,
    terms: TERMS[product],
  });

/** A tariff as an insurer sells it; `version` grows by one with each change, per insurer and product of a region. */
export const Tariff = z.discriminatedUnion('product', [
  tariffOf('osago'),
  tariffOf('travel'),
  tariffOf('property'),
  tariffOf('life'),
]);
export type Tariff = z.infer<typeof Tariff>;

/** The tariff of one product. */
export type TariffOf<P extends Product> = Omit<Tariff, 'product' | 'terms'> & { product: P; terms: TermsOf<P> };

/** What an insurer no longer sells; `version` goes on from the tariff's last. */
export const WithdrawnTariff = z.object({
  insurer: PartyId,
  product: Product,
  version: z.int32().positive(),
  asOf: Instant,
});
export type WithdrawnTariff = z.infer<typeof WithdrawnTariff>;
