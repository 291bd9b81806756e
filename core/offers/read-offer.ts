import { base64url, compactVerify, decodeProtectedHeader } from 'jose';
import type { CoreContext } from '../context.ts';
import { riskQuery } from '../quotes/risk-query.ts';
import { OfferClaims } from './offer-claims.ts';
import { OfferExpired, OfferInvalid, WrongRegion } from './offer-errors.ts';

type ReadContext = Pick<CoreContext, 'region' | 'offerKeys' | 'homeOf' | 'now'>;

/**
 * The claims of an offer that this region signed and that is still live. Throws WrongRegion, OfferInvalid, OfferExpired.
 * The region is looked at before the signature: another region's cannot be verified here, by design.
 */
export async function readOffer(ctx: ReadContext, token: string): Promise<OfferClaims> {
  const { kid, claims } = decode(token);
  if (claims.region !== ctx.region) {
    const home = ctx.homeOf(claims.region);
    throw new WrongRegion('offer', { region: claims.region, home });
  }
  const key = ctx.offerKeys.find(kid);
  if (!key) throw new OfferInvalid('it is signed with a key that is not in use');
  await compactVerify(token, key, { algorithms: ['HS256'] }).catch(() => {
    throw new OfferInvalid('its signature does not match its contents');
  });
  if (Date.parse(claims.expiresAt) <= ctx.now().getTime()) {
    throw new OfferExpired(claims.expiresAt, `/v1/quotes/${claims.product}?${riskQuery(claims.risk)}`);
  }
  return claims;
}

/** Reads without trusting: nothing of it is used before the signature holds, but the region's name. */
function decode(token: string): { kid: string; claims: OfferClaims } {
  try {
    const { kid = '' } = decodeProtectedHeader(token);
    const [, body = '', signature = ''] = token.split('.');
    // Decoding is lenient: a last character may change, or spaces come in, and the bytes stay the same.
    if (base64url.encode(base64url.decode(signature)) !== signature) throw new Error('not canonical');
    const payload = new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(body));
    return { kid, claims: OfferClaims.parse(JSON.parse(payload)) };
  } catch {
    throw new OfferInvalid('it cannot be read');
  }
}
