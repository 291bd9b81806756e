import { integer, jsonb, text, timestamp } from 'drizzle-orm/pg-core';
import type { Partner } from '#contracts/partner.ts';
import { core } from '../schema.ts';

export const partners = core.table('partners', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  limitPerSecond: integer('limit_per_second').notNull(),
  /** Per cent by region; none means what the edges are configured with. */
  limitShares: jsonb('limit_shares').$type<NonNullable<Partner['limitShares']>>(),
  commissionRateBps: integer('commission_rate_bps').notNull(),
  /** SHA-256 of the live keys, hex; a key itself is never stored. */
  keyDigests: text('key_digests').array().notNull(),
  changedAt: timestamp('changed_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
});
