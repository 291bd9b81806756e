import { partnerIdIn } from '#contracts/partner.ts';
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
  // Whether it is a key at all need not be asked: what is none was never good.
  const partner = directory.recall(partnerIdIn(key));
  return partner && goodKeys.isKnown(key, partner.keyDigests) ? partner : undefined;
}
