import type { Partner } from '#contracts/partner.ts';

const SHOWN = 8;

/** A digest by its first digits: enough to tell keys apart, and to revoke one. */
export const digitsOf = (digest: string): string => digest.slice(0, SHOWN);

/** Digests as a cell of a table, the newest last. */
export const keyCell = ({ keyDigests }: Pick<Partner, 'keyDigests'>): string =>
  keyDigests.length === 0 ? 'none' : keyDigests.map(digitsOf).join(' ');
