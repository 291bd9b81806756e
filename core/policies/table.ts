import { sql } from 'drizzle-orm';
import { bigint, check, date, integer, jsonb, text, timestamp, unique } from 'drizzle-orm/pg-core';
import type { Holder } from '#contracts/policy.ts';
import type { Risk } from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
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
    status: text('status').$type<'issued'>().notNull(),
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
  },
  (table) => [
    unique('policies_idempotency').on(table.partnerId, table.idempotencyKey),
    check('policies_premium_positive', sql`${table.premiumMinor} > 0`),
  ],
);

/** Numbers are given out in blocks: a restart leaves a gap, and no number is ever given twice. */
export const policyNumberBlocks = core.sequence('policy_number_blocks', { startWith: 1 });
