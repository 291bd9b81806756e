import type { CoreContext } from '../context.ts';
import { riskQuery } from '../quotes/risk-query.ts';
import { isSignedBy, type Jws, splitJws } from '../signatures/hs256.ts';
import { OfferClaims } from './offer-claims.ts';
import { OfferExpired, OfferInvalid, WrongRegion } from './offer-errors.ts';

type ReadContext = Pick<CoreContext, 'region' | 'offerKeys' | 'homeOf' | 'now'>;

/**
 * The claims of an offer that this region signed and that is still live. Throws WrongRegion, OfferInvalid, OfferExpired.
 * The region is looked at before the signature: another region's cannot be verified here, by design.
 */
export function readOffer(ctx: ReadContext, token: string): OfferClaims {
  const { jws, claims } = decode(token);
  if (claims.region !== ctx.region) {
    const home = ctx.homeOf(claims.region);
    throw new WrongRegion('offer', { region: claims.region, home });
  }
  const key = ctx.offerKeys.find(jws.header);
  if (!key) throw new OfferInvalid('it is not signed with a key that is in use');
  if (!isSignedBy(jws, key)) throw new OfferInvalid('its signature does not match its contents');
  if (Date.parse(claims.expiresAt) <= ctx.now().getTime()) {
    throw new OfferExpired(claims.expiresAt, `/v1/quotes/${claims.product}?${riskQuery(claims.risk)}`);
  }
  return claims;
}

/** Reads without trusting: nothing of it is used before the signature holds, but the region's name. */
function decode(token: string): { jws: Jws; claims: OfferClaims } {
  const jws = splitJws(token);
  if (!jws) throw new OfferInvalid('it cannot be read');
  try {
    return { jws, claims: OfferClaims.parse(JSON.parse(jws.payload.toString())) };
  } catch {
    throw new OfferInvalid('it cannot be read');
  }
}
