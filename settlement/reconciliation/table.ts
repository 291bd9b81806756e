import { date, integer, jsonb, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import type { DayClosed } from '#contracts/events.ts';
import { settlement } from '../schema.ts';

/**
 * What core said of each day that is over; the highest revision of a day counts. What it says is never changed;
 * `differences` and `checkedAt` are what a comparison with ledger and register last came to, null until the first.
 */
export const coreDays = settlement.table(
  'core_days',
  {
    eventId: uuid('event_id').primaryKey(),
    day: date('day', { mode: 'string' }).notNull(),
    revision: integer('revision').notNull(),
    toldAt: timestamp('told_at', { withTimezone: true, mode: 'string' }).notNull(),
    insurers: jsonb('insurers').$type<DayClosed['insurers']>().notNull(),
    differences: integer('differences'),
    checkedAt: timestamp('checked_at', { withTimezone: true, mode: 'string' }),
  },
  (table) => [unique('core_days_revision').on(table.day, table.revision)],
);
