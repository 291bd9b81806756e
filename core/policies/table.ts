import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Holder } from '#contracts/policy.ts';
import type { Risk } from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
import { TIMELINE } from '#platform/postgres/timeline.ts';
import { core } from '../schema.ts';

/** A policy; it is also the record of its Idempotency-Key. `holder` is personal data and never leaves this table. */
export const policies = core.table(
  'policies',
  {
    id: text('id').primaryKey(),
    number: text('number').notNull().unique(),
    partnerId: text('partner_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    /** SHA-256 of the request's body, hex: the same key with another body is refused. */
    bodyDigest: text('body_digest').notNull(),
    status: text('status').$type<'issued' | 'cancelled'>().notNull(),
    insurer: text('insurer').notNull(),
    product: text('product').$type<Product>().notNull(),
    tariffVersion: integer('tariff_version').notNull(),
    premiumMinor: bigint('premium_minor', { mode: 'number' }).notNull(),
    /** What the company owes the partner. */
    partnerCommissionMinor: bigint('partner_commission_minor', { mode: 'number' }).notNull(),
    risk: jsonb('risk').$type<Risk>().notNull(),
    holder: jsonb('holder').$type<Holder>().notNull(),
    startsOn: date('starts_on', { mode: 'string' }).notNull(),
    endsOn: date('ends_on', { mode: 'string' }).notNull(),
    issuedAt: timestamp('issued_at', { withTimezone: true, mode: 'string' }).notNull(),
    /** The rates it was sold at, basis points; null when the release before issued it while this one came. */
    commissionRateBps: integer('commission_rate_bps'),
    partnerCommissionRateBps: integer('partner_commission_rate_bps'),
    cancelledAt: timestamp('cancelled_at', { withTimezone: true, mode: 'string' }),
    /** The Idempotency-Key of the cancellation, a namespace of its own. */
    cancelKey: text('cancel_key'),
    cancelDigest: text('cancel_digest'),
    /** May name people: like `holder`, it never leaves this table. */
    cancelReason: text('cancel_reason'),
    refundMinor: bigint('refund_minor', { mode: 'number' }),
  },
  (table) => [
    unique('policies_idempotency').on(table.partnerId, table.idempotencyKey),
    // Partial: policies that are not cancelled, nearly all, have no entry in it.
    uniqueIndex('policies_cancel_idempotency')
      .on(table.partnerId, table.cancelKey)
      .where(sql`${table.cancelKey} is not null`),
    index('policies_of_partner').on(table.partnerId, table.id),
    // What a day's end reads. Rows lie nearly in this order, so a summary of each stretch of pages will do, and an insert
    // does not touch it. Of many intervals: a cancelled row is written anew, far from others of its day.
    index('policies_issued_at')
      .using('brin', table.issuedAt.op('timestamptz_minmax_multi_ops'))
      .with({ autosummarize: true }),
    index('policies_cancelled_at').on(table.cancelledAt).where(sql`${table.cancelledAt} is not null`),
    check('policies_premium_positive', sql`${table.premiumMinor} > 0`),
    check(
      'policies_cancelled_whole',
      sql`${table.status} in ('issued', 'cancelled') and num_nonnulls(${table.cancelledAt}, ${table.cancelKey}, ${table.cancelDigest}, ${table.cancelReason}, ${table.refundMinor}) = case ${table.status} when 'cancelled' then 5 else 0 end`,
    ),
    check('policies_refund_within_premium', sql`${table.refundMinor} between 0 and ${table.premiumMinor}`),
  ],
);

/** Numbers are given out in blocks: a restart leaves a gap, and no number is ever given twice: see policyNumbering. */
export const policyNumberBlocks = core.sequence('policy_number_blocks', { startWith: 1 });

/** One row: the life of the database in which blocks were last given out, and how many were left out at the beginnings of new ones. */
export const policyNumbering = core.table('policy_numbering', {
  only: boolean('only').primaryKey().default(true),
  timeline: integer('timeline').notNull().default(sql.raw(TIMELINE)),
  skipped: bigint('skipped', { mode: 'number' }).notNull().default(0),
});
