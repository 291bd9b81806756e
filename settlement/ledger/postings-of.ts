import type { PolicyEvent } from '#contracts/events.ts';

/** One side of a transaction, kopecks: debit positive, credit negative. */
export interface Posting {
  readonly account: string;
  readonly amountMinor: number;
}

/**
 * The postings of an event, zero in sum, none of them zero, one per account. A policy issued: the buyer's premium is
 * owed on to the insurer less the agent's commission, which is income; out of its own the company owes the partner.
 */
export function postingsOf({ data }: PolicyEvent): Posting[] {
  const premium = data.premium.amountMinor;
  const commission = data.commission.amount.amountMinor;
  const partnerCommission = data.partner.commission.amount.amountMinor;
  return [
    { account: 'clearing:premiums', amountMinor: premium },
    { account: `insurer:${data.insurer}:payable`, amountMinor: -(premium - commission) },
    { account: `income:commission:${data.insurer}`, amountMinor: -commission },
    { account: 'expense:partner-commission', amountMinor: partnerCommission },
    { account: `partner:${data.partner.id}:payable`, amountMinor: -partnerCommission },
  ].filter((posting) => posting.amountMinor !== 0);
}
