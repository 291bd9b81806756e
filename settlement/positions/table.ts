import { sql } from 'drizzle-orm';
import { bigint, check, integer, primaryKey, smallint, text, timestamp } from 'drizzle-orm/pg-core';
import { settlement } from '../schema.ts';
import type { StopReason } from './place-event.ts';

/** How far each partition is booked, and where and why it is stopped; place-event.ts says what the numbers mean. */
export const positions = settlement.table(
  'positions',
  {
    region: text('region').notNull(),
    topic: text('topic').notNull(),
    partition: smallint('partition').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    unplaced: integer('unplaced').notNull(),
    stoppedAt: timestamp('stopped_at', { withTimezone: true, mode: 'string' }),
    stoppedReason: text('stopped_reason').$type<StopReason>(),
    stoppedSequence: bigint('stopped_sequence', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.topic, table.partition] }),
    check(
      'positions_stopped_whole',
      sql`num_nulls(${table.stoppedAt}, ${table.stoppedReason}, ${table.stoppedSequence}) in (0, 3)`,
    ),
  ],
);
