import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { settlement } from '../schema.ts';

/** A constraint's sum is written out side by side. */
const MOST_SIDES = 8;
const SUM = Array.from({ length: MOST_SIDES }, (_, n) => `coalesce(amounts_minor[${n + 1}], 0)`).join(' + ');

/**
 * One row per event booked, with all its sides: `amountsMinor[n]` on `accounts[n]`, kopecks, debit positive, zero in sum. A
 * transaction that bears its sides cannot be half written, added to or unbalanced, and a plain constraint holds it. The view
 * `ledger_postings`, made in the migrations, has a row a side. Only a cancellation without refund has none.
 *
 * Append-only by trigger. `(aggregate, version)` is unique: an operation of a policy is booked once, whatever the ids of
 * the events that tell of it.
 */
export const transactions = settlement.table(
  'ledger_transactions',
  {
    eventId: uuid('event_id').primaryKey(),
    type: text('type').notNull(),
    aggregateId: text('aggregate_id').notNull(),
    aggregateVersion: integer('aggregate_version').notNull(),
    /** When the policy was issued or cancelled. */
    occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }).notNull(),
    bookedAt: timestamp('booked_at', { withTimezone: true, mode: 'string' }).notNull(),
    accounts: text('accounts').array().notNull(),
    amountsMinor: bigint('amounts_minor', { mode: 'number' }).array().notNull(),
  },
  (table) => [
    unique('ledger_transactions_version').on(table.aggregateId, table.aggregateVersion),
    // Bookings come nearly in the order of time: a range of blocks finds a day, and costs an insert nothing.
    index('ledger_transactions_day').using('brin', table.occurredAt),
    check(
      'ledger_transactions_sides',
      sql.raw(
        `cardinality(accounts) = cardinality(amounts_minor) and coalesce(array_ndims(accounts), 1) = 1 and coalesce(array_ndims(amounts_minor), 1) = 1 and coalesce(array_lower(amounts_minor, 1), 1) = 1 and array_position(accounts, null) is null and array_position(amounts_minor, null) is null and 0 <> all (amounts_minor) and (cardinality(amounts_minor) between 2 and ${MOST_SIDES} or cardinality(amounts_minor) = 0 and type = 'policy.cancelled.v1')`,
      ),
    ),
    check('ledger_transactions_balanced', sql.raw(`${SUM} = 0`)),
  ],
);

/** The sum of each account's postings, moved in the transaction that writes them. */
export const accounts = settlement.table('ledger_accounts', {
  id: text('id').primaryKey(),
  balanceMinor: bigint('balance_minor', { mode: 'number' }).notNull(),
});
