import type { TransactionSql } from 'postgres';
import type { PolicyEvent } from '#contracts/events.ts';
import { operationOf } from '../ledger/operation-of.ts';
import { type ClosedRegisters, choosePeriod } from './choose-period.ts';

/**
 * Appends the register line of each event, in the month it is of or, when that is closed, in the next that is open. Rejects
 * when a register was closed since `closed` was read: the batch comes again, and finds it closed.
 */
export async function appendLines(
  tx: TransactionSql,
  events: readonly PolicyEvent[],
  closed: ClosedRegisters,
): Promise<void> {
  if (events.length === 0) return;
  const lines = events.map((event) => {
    const operation = operationOf(event);
    const placed = choosePeriod({ insurer: event.data.insurer, at: operation.at }, closed);
    return { ...operation, ...placed, eventId: event.eventId, data: event.data };
  });
  const column = <Value>(of: (line: (typeof lines)[number]) => Value): Value[] => lines.map(of);
  await tx`
    insert into settlement.register_lines (
      event_id, operation, operated_at, is_late, insurer, period, product, policy_id, policy_number, contract_date,
      starts_on, ends_on, premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)
    select l.event_id, l.operation, to_timestamp(l.operated_ms / 1000), l.is_late = 1, l.insurer, l.period, l.product, l.policy_id,
      l.policy_number, to_timestamp(l.contract_ms / 1000), l.starts_on::date, l.ends_on::date,
      l.premium_minor, l.commission_rate_bps, l.commission_minor, l.partner, l.tariff_version
    from unnest(
      ${column(({ eventId }) => eventId)}::uuid[],
      ${column(({ operation }) => operation)}::text[],
      ${column(({ at }) => at.getTime())}::float8[],
      ${column(({ isLate }) => (isLate ? 1 : 0))}::int[],
      ${column(({ data }) => data.insurer)}::text[],
      ${column(({ period }) => period)}::text[],
      ${column(({ data }) => data.product)}::text[],
      ${column(({ data }) => data.policyId)}::text[],
      ${column(({ data }) => data.number)}::text[],
      ${column(({ data }) => Date.parse(data.issuedAt))}::float8[],
      ${column(({ data }) => data.startsOn)}::text[],
      ${column(({ data }) => data.endsOn)}::text[],
      ${column(({ premiumMinor }) => premiumMinor)}::bigint[],
      ${column(({ data }) => data.commission.rateBps)}::int[],
      ${column(({ commissionMinor }) => commissionMinor)}::bigint[],
      ${column(({ data }) => data.partner.id)}::text[],
      ${column(({ data }) => data.tariffVersion)}::int[]
    ) as l(event_id, operation, operated_ms, is_late, insurer, period, product, policy_id, policy_number, contract_ms,
      starts_on, ends_on, premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)`;
}
