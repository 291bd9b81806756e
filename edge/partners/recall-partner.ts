import { PARTNER_KEY } from '#contracts/partner.ts';
import type { EdgePartner } from './edge-partner.ts';
import type { GoodKeys } from './good-keys.ts';
import type { PartnerDirectory } from './partner-directory.ts';

const SCHEME = 'Bearer ';

/** The partner that is remembered here and whose key, in the usual words, was good before; undefined for anybody else. */
export function recallPartner(
  { directory, goodKeys }: { readonly directory: PartnerDirectory; readonly goodKeys: GoodKeys },
  authorization: string | null | undefined,
): EdgePartner | undefined {
  if (!authorization?.startsWith(SCHEME)) return undefined;
  const key = authorization.slice(SCHEME.length);
  const partnerId = PARTNER_KEY.exec(key)?.[1];
  const partner = partnerId === undefined ? undefined : directory.recall(partnerId);
  return partner && goodKeys.isKnown(key, partner.keyDigests) ? partner : undefined;
}
