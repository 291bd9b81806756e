import { bigint, integer, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { settlement } from '../schema.ts';

/** How far each partition is booked; place-event.ts says what the numbers mean. */
export const positions = settlement.table(
  'positions',
  {
    region: text('region').notNull(),
    topic: text('topic').notNull(),
    partition: smallint('partition').notNull(),
    epoch: bigint('epoch', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    unplaced: integer('unplaced').notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.topic, table.partition] })],
);
