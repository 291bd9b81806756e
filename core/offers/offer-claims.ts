import { z } from 'zod';
import { OsagoRisk } from '#contracts/quote.ts';
import { Instant, PartyId, Product, Region } from '#contracts/words.ts';

/** What an offer binds: nobody can change any of it, and only its region can sell it. */
export const OfferClaims = z.strictObject({
  region: Region,
  product: Product,
  insurer: PartyId,
  tariffVersion: z.int().positive(),
  risk: OsagoRisk,
  premiumMinor: z.int().positive(),
  expiresAt: Instant,
});
export type OfferClaims = z.infer<typeof OfferClaims>;

/** How long an offer holds, counted from rating: never from when a cache handed it out. */
export const OFFER_TTL_MS = 15 * 60_000;
