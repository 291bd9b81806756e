import { integer, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { OsagoTerms } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { aggregator } from '../schema.ts';

/** The last tariff collected of each insurer and product, and its version. */
export const tariffs = aggregator.table(
  'tariffs',
  {
    insurer: text('insurer').notNull(),
    product: text('product').$type<Product>().notNull(),
    version: integer('version').notNull(),
    commissionRateBps: integer('commission_rate_bps').notNull(),
    terms: jsonb('terms').$type<OsagoTerms>().notNull(),
    changedAt: timestamp('changed_at', { withTimezone: true, mode: 'string' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.insurer, table.product] })],
);

/** How the last poll of each insurer went; `events` counts what it has told, as the aggregate's version. */
export const polls = aggregator.table('polls', {
  insurer: text('insurer').primaryKey(),
  polledAt: timestamp('polled_at', { withTimezone: true, mode: 'string' }).notNull(),
  outcome: text('outcome').notNull(),
  /** When it last answered well. */
  asOf: timestamp('as_of', { withTimezone: true, mode: 'string' }),
  events: integer('events').notNull().default(0),
});
