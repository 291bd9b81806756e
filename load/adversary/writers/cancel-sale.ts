import type { Sql } from 'postgres';
import type { PolicyIssued } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { outboxRow } from '#platform/outbox/append.ts';
import { updateCancelled } from '../../../core/policies/cancel-statement.ts';
import { cancelledTerms } from './new-sale.ts';

/** Cancels a policy by core's statement: false when there is none, or it is cancelled already. */
export function cancelSale(sql: Sql, terms: PolicyIssued, random: () => number): Promise<boolean> {
  const data = cancelledTerms(terms, Math.floor(random() * 10_001));
  const event = outboxRow(POLICIES, {
    type: 'policy.cancelled.v1',
    aggregateId: terms.policyId,
    aggregateVersion: 2,
    occurredAt: new Date(data.cancelledAt),
    data,
  });
  return updateCancelled(sql, {
    policyId: terms.policyId,
    cancelledAt: data.cancelledAt,
    cancelKey: event.eventId,
    cancelDigest: event.eventId,
    cancelReason: 'changed my mind',
    refundMinor: data.refund.amountMinor,
    event,
  });
}
