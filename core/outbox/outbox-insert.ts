import { integer, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { core } from '../schema.ts';

/** The outbox without what Postgres fills in itself; an insert from a select must name every column of its table. */
export const outboxInsert = core.table('outbox', {
  partition: smallint('partition'),
  key: text('key'),
  eventId: uuid('event_id'),
  aggregateId: text('aggregate_id'),
  aggregateVersion: integer('aggregate_version'),
  type: text('type'),
  occurredAt: timestamp('occurred_at', { withTimezone: true, mode: 'string' }),
  traceparent: text('traceparent'),
  data: text('data'),
});
