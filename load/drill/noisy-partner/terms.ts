import { randomBytes } from 'node:crypto';
import type { PartnerTerms } from '#contracts/partner.ts';
import { digestOf } from '../../../local/secrets.ts';
import { PARTNER } from '../plan-region.ts';
import { LIMITS, PARTNERS, type PartnerName, REGIONS, type RegionName } from './callers.ts';

export type Keys = Readonly<Record<PartnerName, string>>;
export type Shares = NonNullable<PartnerTerms['limitShares']>;

export const EQUAL_SHARES: Shares = Object.fromEntries(REGIONS.map((region) => [region, 100 / REGIONS.length]));
export const allOf = (region: RegionName): Shares =>
  Object.fromEntries(REGIONS.map((name) => [name, name === region ? 100 : 0]));

export const makeKeys = (): Keys => {
  const keyOf = (partner: PartnerName) => `ik_${partner}_${randomBytes(32).toString('base64url')}`;
  return Object.fromEntries(PARTNERS.map((partner) => [partner, keyOf(partner)])) as Keys;
};

/** Sets all partners' terms in one region, as an operator does. Rejects when one is not taken. */
export async function setTerms(
  { coreUrl, operatorToken }: { coreUrl: string; operatorToken: string },
  { keys, shares }: { keys: Keys; shares: Shares },
): Promise<void> {
  for (const partner of PARTNERS) {
    const terms: PartnerTerms = {
      name: `Partner ${partner}`,
      limitPerSecond: LIMITS[partner],
      limitShares: shares,
      // The books are checked with one rate for all.
      commissionRateBps: PARTNER.commissionRateBps,
      keyDigests: [digestOf(keys[partner])],
    };
    const answer = await fetch(`${coreUrl}/v1/partners/${partner}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(terms),
    });
    if (!answer.ok) throw new Error(`Terms of "${partner}" were answered ${answer.status}: ${await answer.text()}`);
  }
}
