import type { TransactionSql } from 'postgres';
import type { PolicyEvent } from '#contracts/events.ts';
import { periodOf } from './period-of.ts';

/** Appends the register line of each event. The terms are the event's own: nothing is looked up, now or later. */
export async function appendLines(tx: TransactionSql, events: readonly PolicyEvent[]): Promise<void> {
  if (events.length === 0) return;
  const lines = events.map((event) => ({ event, data: event.data, ...movedBy(event) }));
  const column = <Value>(of: (line: (typeof lines)[number]) => Value): Value[] => lines.map(of);
  await tx`
    insert into settlement.register_lines (
      event_id, operation, insurer, period, product, policy_id, policy_number, contract_date, starts_on, ends_on,
      premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)
    select l.event_id, l.operation, l.insurer, l.period, l.product, l.policy_id, l.policy_number,
      l.contract_date::timestamptz, l.starts_on::date, l.ends_on::date,
      l.premium_minor, l.commission_rate_bps, l.commission_minor, l.partner, l.tariff_version
    from unnest(
      ${column(({ event }) => event.eventId)}::uuid[],
      ${column(({ operation }) => operation)}::text[],
      ${column(({ data }) => data.insurer)}::text[],
      ${column(({ at }) => periodOf(new Date(at)))}::text[],
      ${column(({ data }) => data.product)}::text[],
      ${column(({ data }) => data.policyId)}::text[],
      ${column(({ data }) => data.number)}::text[],
      ${column(({ data }) => new Date(data.issuedAt).toISOString())}::text[],
      ${column(({ data }) => data.startsOn)}::text[],
      ${column(({ data }) => data.endsOn)}::text[],
      ${column(({ premiumMinor }) => premiumMinor)}::bigint[],
      ${column(({ data }) => data.commission.rateBps)}::int[],
      ${column(({ commissionMinor }) => commissionMinor)}::bigint[],
      ${column(({ data }) => data.partner.id)}::text[],
      ${column(({ data }) => data.tariffVersion)}::int[]
    ) as l(event_id, operation, insurer, period, product, policy_id, policy_number, contract_date, starts_on, ends_on,
      premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)`;
}

/** The operation, when it was, and what it adds to the month's amounts, kopecks: a cancellation takes away. */
function movedBy(event: PolicyEvent) {
  const commissionMinor = event.data.commission.amount.amountMinor;
  if (event.type === 'policy.issued.v1') {
    const { issuedAt, premium } = event.data;
    return { operation: 'issued', at: issuedAt, premiumMinor: premium.amountMinor, commissionMinor };
  }
  const { cancelledAt, refund } = event.data;
  return {
    operation: 'cancelled',
    at: cancelledAt,
    premiumMinor: -refund.amountMinor,
    commissionMinor: -commissionMinor,
  };
}
