import { date, integer, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { core } from '../schema.ts';

/** The days that were told, and each time anew. A row is written in the commit of its event, and stays. */
export const toldDays = core.table(
  'told_days',
  {
    /** Of Europe/Moscow. */
    day: date('day', { mode: 'string' }).notNull(),
    /** The version of the event: 1, and one more each time that the day was told anew. */
    revision: integer('revision').notNull(),
    /** SHA-256 of what was told, hex: the same again is not told. */
    digest: text('digest').notNull(),
    toldAt: timestamp('told_at', { withTimezone: true, mode: 'string' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.revision] })],
);
