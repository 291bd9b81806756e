/** Who asks: the offender, the other partner, the public site, its visitors without a key, and one who tests `Retry-After`. */
export const PARTNERS = ['alfa', 'beta', 'site', 'gamma'] as const;
export type PartnerName = (typeof PARTNERS)[number];
export type CallerName = PartnerName | 'visitors';

export const REGIONS = ['msk', 'nsk'] as const;
export type RegionName = (typeof REGIONS)[number];

export const otherThan = (region: RegionName): RegionName => (region === 'msk' ? 'nsk' : 'msk');

/** Requests per second that each partner has agreed on, over all regions. */
export const LIMITS: Readonly<Record<PartnerName, number>> = { alfa: 20, beta: 20, site: 1_000, gamma: 10 };

/** And an address without a key, which visitors from one share. */
export const ADDRESS_LIMIT = 20;

/** Addresses that visitors come from: each is far below what an address may. */
const VISITORS = 8;

/** Where on this machine a caller's connections come from; callers that share an address would share its limit too. */
export const addressesOf = (caller: CallerName): readonly string[] =>
  caller === 'visitors'
    ? Array.from({ length: VISITORS }, (_, visitor) => `127.0.2.${visitor + 1}`)
    : [`127.0.1.${PARTNERS.indexOf(caller) + 1}`];
