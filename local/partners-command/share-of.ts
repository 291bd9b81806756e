import type { Partner } from '#contracts/partner.ts';

/** Per cent of a partner's limit that a region's edges count, as its core has it; undefined: what they are configured with. */
export const shareOf = ({ limitShares }: Pick<Partner, 'limitShares'>, region: string): number | undefined =>
  limitShares && (limitShares[region] ?? 0);

/** It, as a cell of a table. */
export const shareCell = (terms: Pick<Partner, 'limitShares'>, region: string): string =>
  shareOf(terms, region)?.toString() ?? 'default';
