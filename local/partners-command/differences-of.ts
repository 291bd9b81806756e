import type { Partner } from '#contracts/partner.ts';
import { digitsOf } from './key-cell.ts';
import type { Found } from './read-everywhere.ts';

type Part = 'name' | 'limit' | 'shares' | 'commission' | 'keys';

const sharesOf = ({ limitShares }: Partner) =>
  limitShares
    ? Object.entries(limitShares)
        .sort()
        .map(([region, percent]) => `${region}=${percent}`)
        .join(' ') || 'none'
    : 'default';

/** Keys in any order are the same keys, and are told apart by their whole digests. */
const keysOf = ({ keyDigests }: Partner) => [...keyDigests].sort().join(' ');

const PARTS: Readonly<Record<Part, { same: (terms: Partner) => string; said?: (terms: Partner) => string }>> = {
  name: { same: ({ name }) => name },
  limit: { same: ({ limitPerSecond }) => String(limitPerSecond) },
  shares: { same: sharesOf },
  commission: { same: ({ commissionRateBps }) => `${(commissionRateBps / 100).toFixed(2)} %` },
  keys: { same: keysOf, said: ({ keyDigests }) => keyDigests.map(digitsOf).join(' ') || 'none' },
};

/** In what the regions differ, a sentence each; nothing for terms that are the same everywhere, as they should be. */
export function differencesOf(
  found: readonly Pick<Found, 'region' | 'partner'>[],
  parts = Object.keys(PARTS) as Part[],
) {
  return parts.flatMap((part) => {
    const { same, said = same } = PARTS[part];
    if (new Set(found.map(({ partner }) => same(partner))).size < 2) return [];
    return `The regions differ in ${part}: ${found.map(({ region, partner }) => `${region.name} ${said(partner)}`).join(', ')}.`;
  });
}
