import { z } from 'zod';
import { RateBps } from './money.ts';
import { Instant, PartyId, Product } from './words.ts';

/** A row of the base rates table of the Bank of Russia's directive 7204-У, Annex 1: `2.2` is cars of individuals. */
export const OsagoBaseRow = z.enum(['1', '2.1', '2.2', '2.3', '3.1', '3.2', '4.1', '4.2', '4.3', '5', '6', '7']);
export type OsagoBaseRow = z.infer<typeof OsagoBaseRow>;

/** What an insurer sets itself in OSAGO: its base rates inside the official corridor, kopecks by row. */
export const OsagoTerms = z.strictObject({
  baseRatesMinor: z.partialRecord(OsagoBaseRow, z.int().positive()),
});
export type OsagoTerms = z.infer<typeof OsagoTerms>;

/** A tariff as an insurer sells it; `version` grows by one with each change, per insurer and product of a region. */
export const Tariff = z.strictObject({
  insurer: PartyId,
  product: Product,
  /** 32 bits, as it is stored: one that no table takes would block what is behind it. */
  version: z.int32().positive(),
  asOf: Instant,
  /** The agent's commission that the insurer pays to the company, of the premium. */
  commissionRateBps: RateBps,
  terms: OsagoTerms,
});
export type Tariff = z.infer<typeof Tariff>;
