import type { PolicyEvent } from '#contracts/events.ts';
import { type Operation, operationOf } from './operation-of.ts';

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
export function postingsOf(event: PolicyEvent, operation: Operation = operationOf(event)): Posting[] {
  const { insurer, partner } = event.data;
  const { premiumMinor, commissionMinor, partnerCommissionMinor } = operation;
  return [
    { account: 'clearing:premiums', amountMinor: premiumMinor },
    { account: `insurer:${insurer}:payable`, amountMinor: commissionMinor - premiumMinor },
    { account: `income:commission:${insurer}`, amountMinor: -commissionMinor },
    { account: PARTNER_EXPENSE, amountMinor: partnerCommissionMinor },
    { account: `partner:${partner.id}:payable`, amountMinor: -partnerCommissionMinor },
  ].filter((posting) => posting.amountMinor !== 0);
}
