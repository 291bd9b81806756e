import { boolean, text, timestamp } from 'drizzle-orm/pg-core';
import { core } from '../schema.ts';

/** A row while the region is drained: in the database, so that every replica knows and a restart forgets nothing. */
export const drain = core.table('drain', {
  only: boolean('only').primaryKey().default(true),
  since: timestamp('since', { withTimezone: true, mode: 'string' }).notNull(),
  reason: text('reason').notNull(),
});
