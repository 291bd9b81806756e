import type { TransactionSql } from 'postgres';
import { type ClosedRegisters, choosePeriod } from '../registers/choose-period.ts';
import type { Booking } from './booking-of.ts';

/**
 * Books events: of each its transaction with all sides and its register line, in one statement, so that there is neither
 * without the other. A line stands in the month it is of or, when that is closed, in the next that is open.
 * Rejects when an event was booked before: the caller has looked, so only another partition can have brought it; and when
 * a register was closed since `closed` was read. The batch comes again, and finds it.
 */
export async function bookEvents(
  tx: TransactionSql,
  bookings: readonly Booking[],
  { bookedAt, closed }: { bookedAt: Date; closed: ClosedRegisters },
): Promise<void> {
  if (bookings.length === 0) return;
  const rows = bookings.map(({ event, operation, sides }) => {
    const placed = choosePeriod({ insurer: event.data.insurer, at: operation.at }, closed);
    return { event, data: event.data, sides, ...operation, ...placed };
  });
  const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
  await tx`
    with e as materialized (
      select * from unnest(
        ${column(({ event }) => event.eventId)}::uuid[],
        ${column(({ event }) => event.type)}::text[],
        ${column(({ event }) => event.aggregateId)}::text[],
        ${column(({ event }) => event.aggregateVersion)}::int[],
        ${column(({ at }) => at.getTime())}::float8[],
        ${column(({ sides }) => `{${sides.map(({ account }) => account).join()}}`)}::text[],
        ${column(({ sides }) => `{${sides.map(({ amountMinor }) => amountMinor).join()}}`)}::text[],
        ${column(({ data }) => data.insurer)}::text[],
        ${column(({ period }) => period)}::text[],
        ${column(({ isLate }) => (isLate ? 1 : 0))}::int[],
        ${column(({ data }) => data.product)}::text[],
        ${column(({ data }) => data.number)}::text[],
        ${column(({ data }) => Date.parse(data.issuedAt))}::float8[],
        ${column(({ data }) => data.startsOn)}::text[],
        ${column(({ data }) => data.endsOn)}::text[],
        ${column(({ premiumMinor }) => premiumMinor)}::bigint[],
        ${column(({ data }) => data.commission.rateBps)}::int[],
        ${column(({ commissionMinor }) => commissionMinor)}::bigint[],
        ${column(({ data }) => data.partner.id)}::text[],
        ${column(({ data }) => data.tariffVersion)}::int[]
      ) as e(event_id, type, policy_id, version, at_ms, accounts, amounts_minor, insurer, period, is_late, product,
        policy_number, contract_ms, starts_on, ends_on, premium_minor, commission_rate_bps, commission_minor, partner,
        tariff_version)
    ), booked as (
      insert into settlement.ledger_transactions
        (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
      select event_id, type, policy_id, version, to_timestamp(at_ms / 1000), ${bookedAt.toISOString()}::timestamptz,
        accounts::text[], amounts_minor::bigint[]
      from e
    )
    insert into settlement.register_lines (
      event_id, operation, operated_at, is_late, insurer, period, product, policy_id, policy_number, contract_date,
      starts_on, ends_on, premium_minor, commission_rate_bps, commission_minor, partner, tariff_version)
    select event_id, split_part(type, '.', 2), to_timestamp(at_ms / 1000), is_late = 1, insurer, period, product, policy_id,
      policy_number, to_timestamp(contract_ms / 1000), starts_on::date, ends_on::date,
      premium_minor, commission_rate_bps, commission_minor, partner, tariff_version
    from e`;
}
