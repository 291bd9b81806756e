import { signJws } from '../signatures/hs256.ts';
import type { KeyRing } from './key-ring.ts';
import type { OfferClaims } from './offer-claims.ts';

/** The offer as a compact JWS (RFC 7515), HS256, the key named by `kid`; 7.5 us of a core, ten offers a quote. */
export const signOffer = ({ signing }: KeyRing, claims: OfferClaims): string => signJws(claims, signing);
