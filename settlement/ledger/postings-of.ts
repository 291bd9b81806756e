import type { PolicyEvent } from '#contracts/events.ts';

/** One side of a transaction, kopecks: debit positive, credit negative. */
export interface Posting {
  readonly account: string;
  readonly amountMinor: number;
}

/** The account that bears what the company owes to partners. */
export const PARTNER_EXPENSE = 'expense:partner-commission';

/**
 * The postings of an event, zero in sum, none of them zero, one per account. A policy issued: the buyer's premium is
 * owed on to the insurer less the agent's commission, which is income; out of its own the company owes the partner.
 * Cancelled: the same sides the other way round, by what moves back; none when nothing does.
 */
export function postingsOf(event: PolicyEvent): Posting[] {
  const { insurer, partner, commission } = event.data;
  const isIssue = event.type === 'policy.issued.v1';
  const sign = isIssue ? 1 : -1;
  const paid = sign * (isIssue ? event.data.premium : event.data.refund).amountMinor;
  const earned = sign * commission.amount.amountMinor;
  const passedOn = sign * partner.commission.amount.amountMinor;
  return [
    { account: 'clearing:premiums', amountMinor: paid },
    { account: `insurer:${insurer}:payable`, amountMinor: earned - paid },
    { account: `income:commission:${insurer}`, amountMinor: -earned },
    { account: PARTNER_EXPENSE, amountMinor: passedOn },
    { account: `partner:${partner.id}:payable`, amountMinor: -passedOn },
  ].filter((posting) => posting.amountMinor !== 0);
}
