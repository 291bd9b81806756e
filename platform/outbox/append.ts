import { v7 as uuidv7 } from 'uuid';
import type { Topic } from '#contracts/topics.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import { partitionOf } from './partition.ts';
import type { OutboxTable } from './table.ts';

/** A fact to be told, before the relay gives it its place. `key` defaults to the aggregate's id. */
export interface NewEvent {
  readonly type: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly key?: string;
  readonly occurredAt: Date;
  readonly traceparent?: string;
  readonly data: unknown;
}

/** What a key may be. Control characters stand between keys where a page of them is read: read-page.ts. */
const KEY = /^[^\p{Cc}]{1,200}$/u;

/** The row of an event, for statements that write it beside what it tells of. Throws when its key cannot be one. */
export function outboxRow(topic: Topic, event: NewEvent) {
  const key = event.key ?? event.aggregateId;
  if (!KEY.test(key))
    throw new Error(`"${key}" cannot be the key of an event: it must be 1 to 200 printable characters`);
  return {
    partition: partitionOf(event.aggregateId, topic.partitions),
    key,
    eventId: uuidv7({ msecs: event.occurredAt.getTime() }),
    aggregateId: event.aggregateId,
    aggregateVersion: event.aggregateVersion,
    type: event.type,
    occurredAt: event.occurredAt.toISOString(),
    traceparent: event.traceparent ?? null,
    data: JSON.stringify(event.data),
  };
}

/** Appends events in the caller's transaction, in order. Outside one it does not compile. */
export async function appendEvents(
  tx: Tx,
  outbox: OutboxTable,
  options: { topic: Topic; events: readonly NewEvent[] },
): Promise<void> {
  if (options.events.length === 0) return;
  await tx.insert(outbox).values(options.events.map((event) => outboxRow(options.topic, event)));
}
