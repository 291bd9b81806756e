import type { TransactionSql } from 'postgres';
import type { PolicyEvent } from '#contracts/events.ts';
import { operationOf } from './operation-of.ts';
import { postingsOf } from './postings-of.ts';

/**
 * Books events: a transaction each, with its sides. Rejects when one of them was booked before: the caller has looked, so
 * only another partition can have brought it, and the batch comes again.
 */
export async function bookEvents(
  tx: TransactionSql,
  events: readonly PolicyEvent[],
  { bookedAt }: { bookedAt: Date },
): Promise<void> {
  if (events.length === 0) return;
  const sides = events.map(postingsOf);
  await tx`
    insert into settlement.ledger_transactions
      (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at, accounts, amounts_minor)
    select e.event_id, e.type, e.aggregate_id, e.aggregate_version, to_timestamp(e.at_ms / 1000),
      ${bookedAt.toISOString()}::timestamptz, e.accounts::text[], e.amounts_minor::bigint[]
    from unnest(
      ${events.map((event) => event.eventId)}::uuid[],
      ${events.map((event) => event.type)}::text[],
      ${events.map((event) => event.aggregateId)}::text[],
      ${events.map((event) => event.aggregateVersion)}::int[],
      ${events.map((event) => operationOf(event).at.getTime())}::float8[],
      ${sides.map((side) => `{${side.map(({ account }) => account).join()}}`)}::text[],
      ${sides.map((side) => `{${side.map(({ amountMinor }) => amountMinor).join()}}`)}::text[]
    ) as e(event_id, type, aggregate_id, aggregate_version, at_ms, accounts, amounts_minor)`;
}
