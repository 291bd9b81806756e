import type { PolicyEvent } from '#contracts/events.ts';

/** What an event did, when, and what it adds to the books, kopecks: a cancellation takes away. */
export interface Operation {
  readonly operation: 'issued' | 'cancelled';
  readonly at: Date;
  readonly premiumMinor: number;
  readonly commissionMinor: number;
  readonly partnerCommissionMinor: number;
}

/** Reads an event as the ledger and the registers book it. The terms are the event's own: nothing is looked up, now or later. */
export function operationOf({ type, data }: PolicyEvent): Operation {
  const commissionMinor = data.commission.amount.amountMinor;
  const partnerCommissionMinor = data.partner.commission.amount.amountMinor;
  if (type === 'policy.issued.v1') {
    const premiumMinor = data.premium.amountMinor;
    return { operation: 'issued', at: new Date(data.issuedAt), premiumMinor, commissionMinor, partnerCommissionMinor };
  }
  return {
    operation: 'cancelled',
    at: new Date(data.cancelledAt),
    premiumMinor: -data.refund.amountMinor,
    commissionMinor: -commissionMinor,
    partnerCommissionMinor: -partnerCommissionMinor,
  };
}
