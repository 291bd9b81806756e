import type { PolicyEvent } from '#contracts/events.ts';

/** What was booked when a policy was issued: a cancellation must be of the same, and give back no more. Kopecks. */
export interface Issue {
  readonly number: string;
  readonly insurer: string;
  readonly product: string;
  readonly partner: string;
  readonly premiumMinor: number;
  readonly commissionMinor: number;
  readonly partnerCommissionMinor: number;
}

/** The terms that an event tells. */
export const issueOf = ({ data }: PolicyEvent): Issue => ({
  number: data.number,
  insurer: data.insurer,
  product: data.product,
  partner: data.partner.id,
  premiumMinor: data.premium.amountMinor,
  commissionMinor: data.commission.amount.amountMinor,
  partnerCommissionMinor: data.partner.commission.amount.amountMinor,
});

/** What of a cancellation contradicts the policy as booked; empty when nothing does. */
export function contradictions(issue: Issue, event: PolicyEvent): string[] {
  const cancelled = issueOf(event);
  const same = (['number', 'insurer', 'product', 'partner', 'premiumMinor'] as const).filter(
    (name) => issue[name] !== cancelled[name],
  );
  const atMost = (['commissionMinor', 'partnerCommissionMinor'] as const).filter(
    (name) => cancelled[name] > issue[name],
  );
  return [...same, ...atMost];
}
