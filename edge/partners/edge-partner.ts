import * as z from 'zod/mini';
import { KEY_DIGEST } from '#contracts/partner.ts';
import { PARTY_ID, REGION } from '#contracts/words.ts';

const percent = z.int().check(z.minimum(0), z.maximum(100));

/** What the edge reads of a Partner; core may say more. */
export const EdgePartner = z.object({
  id: z.string().check(z.regex(PARTY_ID)),
  limitPerSecond: z.int().check(z.positive()),
  limitShares: z.optional(z.record(z.string().check(z.regex(REGION)), percent)),
  keyDigests: z.array(z.string().check(z.regex(KEY_DIGEST))),
});
export type EdgePartner = z.infer<typeof EdgePartner>;
