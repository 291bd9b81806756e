import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  check,
  date,
  index,
  integer,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Product } from '#contracts/words.ts';
import { settlement } from '../schema.ts';

/**
 * One row per operation of an agent's register, with the terms of the event itself; the amounts of a cancellation are what it
 * takes away, zero or below. Append-only by trigger, which also holds each row to its ledger transaction, of the same
 * insurer and amounts, and takes none into a register that is closed.
 */
export const registerLines = settlement.table(
  'register_lines',
  {
    eventId: uuid('event_id').primaryKey(),
    insurer: text('insurer').notNull(),
    /** Month of the register in Europe/Moscow, `yyyy-mm`. */
    period: char('period', { length: 7 }).notNull(),
    operation: text('operation').$type<'issued' | 'cancelled'>().notNull(),
    /** When it was issued or cancelled. */
    operatedAt: timestamp('operated_at', { withTimezone: true, mode: 'string' }).notNull(),
    /** The operation is of an earlier month, which was closed when it was told: an adjustment. */
    isLate: boolean('is_late').notNull(),
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
  (table) => [
    index('register_lines_order').on(table.insurer, table.period, table.contractDate),
    // With the order above it finds what was done on a day: issues by contract date, and the few others by this.
    index('register_lines_day')
      .on(table.insurer, table.operatedAt)
      .where(sql`${table.operation} <> 'issued' or ${table.isLate}`),
  ],
);

/**
 * The registers that take no more lines. `closing` until its lines are counted and their digest is known, then `closed`,
 * and never changed again, by trigger. `findings` is what a forced one was closed over.
 */
export const registerClosings = settlement.table(
  'register_closings',
  {
    insurer: text('insurer').notNull(),
    period: char('period', { length: 7 }).notNull(),
    status: text('status').$type<'closing' | 'closed'>().notNull(),
    closedAt: timestamp('closed_at', { withTimezone: true, mode: 'string' }).notNull(),
    closedBy: text('closed_by').notNull(),
    reason: text('reason'),
    findings: text('findings').array().notNull(),
    /** SHA-256 of the CSV, hex. */
    digest: text('digest'),
    count: integer('count'),
    premiumMinor: bigint('premium_minor', { mode: 'number' }),
    commissionMinor: bigint('commission_minor', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.insurer, table.period] }),
    check(
      'register_closings_whole',
      sql.raw(
        `status in ('closing', 'closed') and num_nulls(digest, count, premium_minor, commission_minor) = case status when 'closed' then 0 else 4 end`,
      ),
    ),
    check('register_closings_forced', sql.raw('cardinality(findings) = 0 or reason is not null')),
  ],
);
