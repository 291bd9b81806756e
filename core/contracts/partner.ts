import * as z from 'zod';
import { RateBps } from './money.ts';
import { plainText } from './plain-text.ts';
import { PartyId, REGION_TEXT, Region } from './words.ts';

/** A partner's key is `ik_{partner}_{secret}`, the secret 256 random bits in base64url. */
export const PARTNER_KEY = /^ik_([a-z][a-z0-9-]{1,31})_([A-Za-z0-9_-]{43})$/;
/** Whose it is, of a text that is such a key; of any other, anything. To be read where a key is known to be one: it makes no match to throw away. */
export const partnerIdIn = (key: string): string => key.slice('ik_'.length, -('_'.length + 43));

export const KEY_DIGEST = /^[0-9a-f]{64}$/;
/** SHA-256 of a whole key, lower-case hex. Only this is ever stored. */
const KeyDigest = /* @__PURE__ */ z
  .string()
  .regex(KEY_DIGEST, 'must be the SHA-256 of the key, 64 lower-case hex digits');

/**
 * How a partner's limit is divided among regions, whole per cents that add up to 100 at most; a region that is not named
 * has none of it. The same in every region: to move a share, lower it where it was and then raise it where it shall be.
 */
const LimitShares = /* @__PURE__ */ z
  .record(Region, z.int().min(0).max(100))
  .refine(
    (shares) => Object.values(shares).reduce((sum, percent) => sum + percent, 0) <= 100,
    'must add up to 100 or less',
  )
  .meta({ example: { msk: 50, nsk: 50 }, propertyNames: { pattern: REGION_TEXT } });

/** The terms of a partner, as an operator sets them. Two digests may live at once, so that a key can be rotated. */
export const PartnerTerms = /* @__PURE__ */ z
  .strictObject({
    name: /* @__PURE__ */ plainText({ least: 1, most: 100 }),
    limitPerSecond: z.int().min(1).max(100_000),
    /** Without them each region has the share that its edge is configured with. */
    limitShares: LimitShares.optional(),
    commissionRateBps: RateBps,
    /** The newest last. */
    keyDigests: z.array(KeyDigest).max(2),
  })
  .meta({ id: 'PartnerTerms' });
export type PartnerTerms = z.infer<typeof PartnerTerms>;

export const Partner = /* @__PURE__ */ z.strictObject({ id: PartyId, ...PartnerTerms.shape }).meta({ id: 'Partner' });
export type Partner = z.infer<typeof Partner>;
