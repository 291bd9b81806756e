import { sql } from 'drizzle-orm';
import { bigint, check, integer, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { settlement } from '../schema.ts';

/**
 * One row per event booked; one that moved no money, a cancellation without refund, has no postings. Append-only by trigger. `(aggregate, version)` is unique: an operation of a policy
 * is booked once, whatever the ids of the events that tell of it.
 */
export const transactions = settlement.table(
  'ledger_transactions',
  {
    eventId: uuid('event_id').primaryKey(),
    type: text('type').notNull(),
    aggregateId: text('aggregate_id').notNull(),
    aggregateVersion: integer('aggregate_version').notNull(),
    occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }).notNull(),
    bookedAt: timestamp('booked_at', { withTimezone: true, mode: 'string' }).notNull(),
  },
  (table) => [unique('ledger_transactions_version').on(table.aggregateId, table.aggregateVersion)],
);

/**
 * The two or more sides of a transaction, kopecks, debit positive. Append-only, and zero in sum, by trigger: a
 * transaction and all its postings are written by one statement.
 */
export const postings = settlement.table(
  'ledger_postings',
  {
    eventId: uuid('event_id')
      .notNull()
      .references(() => transactions.eventId),
    account: text('account').notNull(),
    amountMinor: bigint('amount_minor', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.account] }),
    check('ledger_postings_not_zero', sql`${table.amountMinor} <> 0`),
  ],
);

/** The sum of each account's postings, moved in the statement that writes them. */
export const accounts = settlement.table('ledger_accounts', {
  id: text('id').primaryKey(),
  balanceMinor: bigint('balance_minor', { mode: 'number' }).notNull(),
});
