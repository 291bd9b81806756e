import { CompactSign } from 'jose';
import type { KeyRing } from './key-ring.ts';
import type { OfferClaims } from './offer-claims.ts';

const encoder = new TextEncoder();

/** The offer as a compact JWS (RFC 7515), HS256, the key named by `kid`. */
export function signOffer({ signing }: KeyRing, claims: OfferClaims): Promise<string> {
  return new CompactSign(encoder.encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'HS256', kid: signing.kid })
    .sign(signing.key);
}
