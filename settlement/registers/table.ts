import { bigint, char, date, index, integer, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Product } from '#contracts/words.ts';
import { transactions } from '../ledger/table.ts';
import { settlement } from '../schema.ts';

/**
 * One row per operation of an agent's register, with the terms of the event itself; the amounts of a cancellation are what it
 * takes away, zero or below. Append-only by trigger.
 */
export const registerLines = settlement.table(
  'register_lines',
  {
    eventId: uuid('event_id')
      .primaryKey()
      .references(() => transactions.eventId),
    insurer: text('insurer').notNull(),
    /** Month of the operation in Europe/Moscow, `yyyy-mm`. */
    period: char('period', { length: 7 }).notNull(),
    operation: text('operation').$type<'issued' | 'cancelled'>().notNull(),
    product: text('product').$type<Product>().notNull(),
    policyId: text('policy_id').notNull(),
    policyNumber: text('policy_number').notNull(),
    contractDate: timestamp('contract_date', { withTimezone: true, mode: 'string' }).notNull(),
    startsOn: date('starts_on', { mode: 'string' }).notNull(),
    endsOn: date('ends_on', { mode: 'string' }).notNull(),
    premiumMinor: bigint('premium_minor', { mode: 'number' }).notNull(),
    commissionRateBps: integer('commission_rate_bps').notNull(),
    commissionMinor: bigint('commission_minor', { mode: 'number' }).notNull(),
    partner: text('partner').notNull(),
    tariffVersion: integer('tariff_version').notNull(),
  },
  (table) => [index('register_lines_order').on(table.insurer, table.period, table.contractDate)],
);
