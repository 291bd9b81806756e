import * as z from 'zod/mini';
import { PARTY_ID } from './words.ts';

/** The header that carries edge's signature over a forwarded call. */
export const HOP_HEADER = 'x-insuretech-hop';

/** How long a signed hop is good for. */
export const HOP_TTL_SECONDS = 30;

/** Clocks of one region's machines may differ by this. */
export const CLOCKS_DIFFER_SECONDS = 5;

/** What edge signs (JWS, HS256) and core checks: this very call, on behalf of this caller. */
export const HopClaims = z.object({
  iat: z.int(),
  exp: z.int(),
  method: z.string(),
  /** Path and query as sent. */
  path: z.string(),
  /** SHA-256 of the body, base64url; of the empty string when there is none. */
  bodyDigest: z.string(),
  /** Absent for anonymous calls. */
  partner: z.optional(z.string().check(z.regex(PARTY_ID))),
  requestId: z.string(),
  /** Ms since 1970; after it nobody waits for the answer, and nothing may be begun. An edge of an earlier release tells none. */
  deadline: z.optional(z.int()),
});
export type HopClaims = z.infer<typeof HopClaims>;
