import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  index,
  integer,
  type PgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { TIMELINE } from '#platform/postgres/timeline.ts';

const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });
const pgSnapshot = customType<{ data: string }>({ dataType: () => 'pg_snapshot' });

const position = {
  sequence: bigint('sequence', { mode: 'number' }).notNull().default(0),
  done: pgSnapshot('done').notNull().default(sql`'1:1:'`),
  win: pgSnapshot('win'),
  lastId: bigint('last_id', { mode: 'number' }).notNull().default(0),
};

/**
 * Append-only. `id` orders the events of an aggregate: its writers hold the aggregate's row when they take one.
 * `xid` tells a relay's snapshot whether it has seen the row. `data` is stored as it will be sent.
 * In the database the table is cut by id into pieces of a million, which go when they are old and sent: retention.ts. What
 * no piece takes goes to the default one, `outbox_strays`, and stays. The cut is made in the migrations; statements do not
 * see it.
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
 * Who owns each partition, by `epoch`, which fences a former owner, and where that epoch began. `done` is a snapshot: all
 * it sees has been sent. While a window is under way, `win` is the snapshot it was opened with and `lastId` the last row
 * sent of it. `sequence` is the number of the last event sent. `timeline` is the database's when the epoch was begun.
 */
export function outboxCursorTable(schema: PgSchema) {
  return schema.table('outbox_cursor', {
    partition: smallint('partition').primaryKey(),
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    ...position,
    timeline: integer('timeline').notNull().default(sql.raw(TIMELINE)),
  });
}

/**
 * How far an epoch has come since it began: the last row of the partition's epoch says. Appended, never updated: an old
 * snapshot anywhere in the cluster keeps every dead version of a row, and each move would pass them all (0.15 ms became
 * 1.4 ms within 10,000). The view `outbox_position`, made in the migrations, is the cursor as it stands.
 */
export function outboxProgressTable(schema: PgSchema) {
  return schema.table(
    'outbox_progress',
    {
      id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
      partition: smallint('partition').notNull(),
      epoch: bigint('epoch', { mode: 'number' }).notNull(),
      ...position,
    },
    (table) => [primaryKey({ columns: [table.partition, table.epoch, table.id] })],
  );
}

/** The pieces of the outbox that went: nothing with an id below `belowId` is kept but strays, nor all from before `newestAt`. */
export function outboxRetiredTable(schema: PgSchema) {
  return schema.table('outbox_retired', {
    belowId: bigint('below_id', { mode: 'number' }).primaryKey(),
    /** When the newest event of the piece happened; null when it held none. */
    newestAt: timestamp('newest_at', { withTimezone: true, mode: 'string' }),
    retiredAt: timestamp('retired_at', { withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  });
}

export type OutboxTable = ReturnType<typeof outboxTable>;
