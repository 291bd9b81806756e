import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  index,
  integer,
  type PgSchema,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
const pgSnapshot = customType<{ data: string }>({ dataType: () => 'pg_snapshot' });

/**
 * Append-only. `id` orders the events of an aggregate: its writers hold the aggregate's row when they take one.
 * `xid` tells a relay's snapshot whether it has seen the row. `data` is stored as it will be sent.
 */
export function outboxTable(schema: PgSchema) {
  return schema.table(
    'outbox',
    {
      xid: xid8('xid').notNull().default(sql`pg_current_xact_id()`),
      id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
      partition: smallint('partition').notNull(),
      key: text('key').notNull(),
      eventId: uuid('event_id').notNull(),
      aggregateId: text('aggregate_id').notNull(),
      aggregateVersion: integer('aggregate_version').notNull(),
      type: text('type').notNull(),
      occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }).notNull(),
      traceparent: text('traceparent'),
      data: text('data').notNull(),
    },
    (table) => [
      index('outbox_unseen').on(table.partition, table.xid, table.id),
      index('outbox_order').on(table.partition, table.id),
    ],
  );
}

/**
 * How far each partition has been acknowledged. `done` is a snapshot: all it sees has been sent. While a window is under
 * way, `win` is the snapshot it was opened with and `lastId` the last row sent of it. `epoch` fences a former owner.
 */
export function outboxCursorTable(schema: PgSchema) {
  return schema.table('outbox_cursor', {
    partition: smallint('partition').primaryKey(),
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    sequence: bigint('sequence', { mode: 'number' }).notNull().default(0),
    done: pgSnapshot('done').notNull().default(sql`'1:1:'`),
    win: pgSnapshot('win'),
    lastId: bigint('last_id', { mode: 'number' }).notNull().default(0),
  });
}

export type OutboxTable = ReturnType<typeof outboxTable>;
