import type { TransactionSql } from 'postgres';
import type { PolicyEvent } from '#contracts/events.ts';
import { postingsOf } from './postings-of.ts';

/**
 * Books events: transactions, their postings and the balances, in one statement. Rejects when one of them was booked
 * before: the caller has looked, so only another partition can have brought it, and the batch comes again.
 * Balances are locked in the order of accounts, one row each, so that two partitions cannot deadlock; last in the
 * statement, because every partition wants the same few rows.
 */
export async function bookEvents(
  tx: TransactionSql,
  events: readonly PolicyEvent[],
  { bookedAt }: { bookedAt: Date },
): Promise<void> {
  if (events.length === 0) return;
  const sides = events.flatMap((event) => postingsOf(event).map((posting) => ({ eventId: event.eventId, ...posting })));
  await tx`
    with booked as (
      insert into settlement.ledger_transactions
        (event_id, type, aggregate_id, aggregate_version, occurred_at, booked_at)
      select e.event_id, e.type, e.aggregate_id, e.aggregate_version, e.occurred_at::timestamptz,
        ${bookedAt.toISOString()}::timestamptz
      from unnest(
        ${events.map((event) => event.eventId)}::uuid[],
        ${events.map((event) => event.type)}::text[],
        ${events.map((event) => event.aggregateId)}::text[],
        ${events.map((event) => event.aggregateVersion)}::int[],
        ${events.map((event) => new Date(event.occurredAt).toISOString())}::text[]
      ) as e(event_id, type, aggregate_id, aggregate_version, occurred_at)
    ), posted as (
      insert into settlement.ledger_postings (event_id, account, amount_minor)
      select p.event_id, p.account, p.amount_minor
      from unnest(
        ${sides.map((side) => side.eventId)}::uuid[],
        ${sides.map((side) => side.account)}::text[],
        ${sides.map((side) => side.amountMinor)}::bigint[]
      ) as p(event_id, account, amount_minor)
      returning account, amount_minor
    )
    insert into settlement.ledger_accounts as a (id, balance_minor)
    select account, sum(amount_minor) from posted group by account order by account
    on conflict (id) do update set balance_minor = a.balance_minor + excluded.balance_minor`;
}
