import { createHash } from 'node:crypto';
import type { Partner } from '#contracts/partner.ts';

/** What a partner's terms are now, as a strong entity tag (RFC 9110, 8.8.3): the same terms have the same one, anywhere. */
export function versionOf({ name, limitPerSecond, limitShares, commissionRateBps, keyDigests }: Partner): string {
  // The database keeps the shares in an order of its own.
  const shares = Object.entries(limitShares ?? {}).sort();
  const terms = [name, limitPerSecond, limitShares ? shares : null, commissionRateBps, keyDigests];
  return `"${createHash('sha256').update(JSON.stringify(terms)).digest('base64url')}"`;
}

/** Whether an If-Match header allows a change of what is there now (RFC 9110, 13.1.1); of what is not, none does. */
export function isMatch(ifMatch: string, partner: Partner | undefined): boolean {
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  return partner !== undefined && (tags.includes('*') || tags.includes(versionOf(partner)));
}
