import { z } from 'zod';
import { PartyId } from './words.ts';

/** The header that carries edge's signature over a forwarded call. */
export const HOP_HEADER = 'x-insuretech-hop';

/** How long a signed hop is good for. */
export const HOP_TTL_SECONDS = 30;

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
  partner: PartyId.optional(),
  requestId: z.string(),
});
export type HopClaims = z.infer<typeof HopClaims>;
