import { z } from 'zod';
import { RISKS } from '#contracts/risk.ts';
import { Instant, PartyId, type Product, Region } from '#contracts/words.ts';

const claimsOf = <P extends Product>(product: P) =>
  z.strictObject({
    region: Region,
    product: z.literal(product),
    insurer: PartyId,
    tariffVersion: z.int().positive(),
    risk: RISKS[product],
    premiumMinor: z.int().positive(),
    expiresAt: Instant,
  });

/** What an offer binds: nobody can change any of it, and only its region can sell it. */
export const OfferClaims = z.discriminatedUnion('product', [
  claimsOf('osago'),
  claimsOf('travel'),
  claimsOf('property'),
  claimsOf('life'),
]);
export type OfferClaims = z.infer<typeof OfferClaims>;

/** How long an offer holds, counted from rating: never from when a cache handed it out. */
export const OFFER_TTL_MS = 15 * 60_000;
