import { sql } from 'drizzle-orm';
import { bigint, integer, jsonb, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { Tariff } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { TIMELINE } from '#platform/postgres/timeline.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { aggregator } from '../schema.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });

/** The last tariff published of each insurer and product, its version, and in which life of the database it was. */
export const tariffs = aggregator.table(
  'tariffs',
  {
    insurer: text('insurer').notNull(),
    product: text('product').$type<Product>().notNull(),
    version: integer('version').notNull(),
    commissionRateBps: integer('commission_rate_bps').notNull(),
    terms: jsonb('terms').$type<Tariff['terms']>().notNull(),
    changedAt: instant('changed_at').notNull(),
    /** Since when it is no longer sold; `version` is then that of the withdrawal. */
    withdrawnAt: instant('withdrawn_at'),
    timeline: integer('timeline').notNull().default(sql.raw(TIMELINE)),
  },
  (table) => [primaryKey({ columns: [table.insurer, table.product] })],
);

/** How the last poll of each insurer went; `events` counts what it has told, as the aggregate's version. */
export const polls = aggregator.table('polls', {
  insurer: text('insurer').primaryKey(),
  polledAt: instant('polled_at').notNull(),
  outcome: text('outcome').notNull(),
  /** When it last answered well. */
  asOf: instant('as_of'),
  events: integer('events').notNull().default(0),
  /** Before this the schedule leaves it alone, as it asked (Retry-After). */
  retryAt: instant('retry_at'),
});

/** The last reply of an insurer that was not believed, and why; gone with the next one that is. */
export const quarantine = aggregator.table('quarantine', {
  insurer: text('insurer').primaryKey(),
  /** Since when its replies have not been believed. */
  since: instant('since').notNull(),
  collectedAt: instant('collected_at').notNull(),
  findings: jsonb('findings').$type<readonly string[]>().notNull(),
  collected: jsonb('collected').$type<readonly CollectedTariff[]>().notNull(),
});

/** Who let a quarantined reply through, and why: rows are only added. */
export const releases = aggregator.table('releases', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  insurer: text('insurer').notNull(),
  releasedAt: instant('released_at').notNull(),
  /** In the operator's words. */
  why: text('why').notNull(),
  findings: jsonb('findings').$type<readonly string[]>().notNull(),
  collected: jsonb('collected').$type<readonly CollectedTariff[]>().notNull(),
});
