import { PARTNER_KEY } from '#contracts/partner.ts';
import { Unauthenticated } from '#platform/problem/domain-error.ts';
import type { Origin } from '../context.ts';
import type { EdgePartner } from './edge-partner.ts';
import type { GoodKeys } from './good-keys.ts';
import type { PartnerDirectory } from './partner-directory.ts';

export interface Claim {
  /** The Authorization header, if there is one. */
  readonly authorization: string | undefined;
  readonly origin: Origin;
  /** Whether a partner remembered from before core went away will do. */
  readonly allowOld: boolean;
  readonly goodKeys: GoodKeys;
  /** Counts an attempt on the caller's address. Throws when it has had too many. */
  readonly chargeAddress: () => void;
}

/**
 * The partner whose key a request shows; undefined when it shows none. A key that is not good is refused, whatever the
 * route. Guesses count on the caller's address before they cost core anything. Throws Unauthenticated, RateLimited,
 * CoreUnavailable.
 */
export async function identify(directory: PartnerDirectory, claim: Claim): Promise<EdgePartner | undefined> {
  if (claim.authorization === undefined) return undefined;
  const key = /^Bearer +([^ ]+)$/i.exec(claim.authorization)?.[1] ?? '';
  const partnerId = PARTNER_KEY.exec(key)?.[1];
  const isStranger = partnerId === undefined || !directory.isRemembered(partnerId);
  // No await between this and find: of many first requests at once, one pays and the others join it.
  if (isStranger) claim.chargeAddress();
  const partner = partnerId === undefined ? null : await directory.find(partnerId, claim);
  if (partner && (await claim.goodKeys.check(key, partner.keyDigests))) return partner;
  if (!isStranger) claim.chargeAddress();
  throw new Unauthenticated('The key is not valid: Authorization must be Bearer ik_{partner}_{secret}');
}
