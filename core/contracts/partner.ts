import { z } from 'zod';
import { RateBps } from './money.ts';
import { PartyId } from './words.ts';

/** A partner's key is `ik_{partner}_{secret}`, the secret 256 random bits in base64url. */
export const PARTNER_KEY = /^ik_([a-z][a-z0-9-]{1,31})_([A-Za-z0-9_-]{43})$/;

/** SHA-256 of a whole key, lower-case hex. Only this is ever stored. */
const KeyDigest = z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the key, 64 lower-case hex digits');

/** The terms of a partner, as an operator sets them. Two digests may live at once, so that a key can be rotated. */
export const PartnerTerms = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    limitPerSecond: z.int().min(1).max(100_000),
    commissionRateBps: RateBps,
    keyDigests: z.array(KeyDigest).max(2),
  })
  .meta({ id: 'PartnerTerms' });
export type PartnerTerms = z.infer<typeof PartnerTerms>;

export const Partner = z.strictObject({ id: PartyId, ...PartnerTerms.shape }).meta({ id: 'Partner' });
export type Partner = z.infer<typeof Partner>;
