import { boolean, integer, jsonb, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { Tariff } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { core } from '../schema.ts';

/** Every version of every tariff, as the events told it: an offer of a version just replaced can still be bought. */
export const tariffs = core.table(
  'tariffs',
  {
    insurer: text('insurer').notNull(),
    product: text('product').$type<Product>().notNull(),
    version: integer('version').notNull(),
    asOf: timestamp('as_of', { withTimezone: true, mode: 'string' }).notNull(),
    commissionRateBps: integer('commission_rate_bps').notNull(),
    terms: jsonb('terms').$type<Tariff['terms']>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.insurer, table.product, table.version] })],
);

/** One row: the name under which this database's reading of `tariffs.v1` is kept by the broker. */
export const catalogueStores = core.table('catalogue_stores', {
  only: boolean('only').primaryKey().default(true),
  id: uuid('id').notNull(),
});

/** When each insurer last answered well; known also for one whose tariff has not come yet. */
export const insurers = core.table('insurers', {
  id: text('id').primaryKey(),
  polledAt: timestamp('polled_at', { withTimezone: true, mode: 'string' }).notNull(),
});

/** The last withdrawal of each product: a tariff of a later version is on sale again. */
export const withdrawals = core.table(
  'withdrawals',
  {
    insurer: text('insurer').notNull(),
    product: text('product').$type<Product>().notNull(),
    version: integer('version').notNull(),
  },
  (table) => [primaryKey({ columns: [table.insurer, table.product] })],
);
