import { boolean, timestamp } from 'drizzle-orm/pg-core';
import { core } from '../schema.ts';

/** One row, written by the deep health check: only a commit shows that this database can commit. */
export const heartbeat = core.table('heartbeat', {
  only: boolean('only').primaryKey().default(true),
  at: timestamp('at', { withTimezone: true, mode: 'string' }).notNull(),
});
