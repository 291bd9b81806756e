import type { EdgePartner } from './edge-partner.ts';
import type { GoodKeys } from './good-keys.ts';
import type { PartnerDirectory } from './partner-directory.ts';

const SCHEME = 'Bearer ';
/** What a key has before its partner's id and after it, as `PARTNER_KEY` says. */
const [BEFORE_ID, AFTER_ID] = ['ik_'.length, '_'.length + 43];

/** The partner that is remembered here and whose key, in the usual words, was good before; undefined for anybody else. */
export function recallPartner(
  { directory, goodKeys }: { readonly directory: PartnerDirectory; readonly goodKeys: GoodKeys },
  authorization: string | null | undefined,
): EdgePartner | undefined {
  if (!authorization?.startsWith(SCHEME)) return undefined;
  const key = authorization.slice(SCHEME.length);
  // Not read as `identify` reads it: a key that was good before is as a key must be, and any other is none that is known.
  const partner = directory.recall(key.slice(BEFORE_ID, -AFTER_ID));
  return partner && goodKeys.isKnown(key, partner.keyDigests) ? partner : undefined;
}
