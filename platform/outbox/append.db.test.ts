import { pgSchema } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { type Db, openPostgres, type Postgres } from '#platform/postgres/open-postgres.ts';
import { createTestDatabase, type TestDatabase } from '#platform/postgres/testing.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { appendEvents, type NewEvent, outboxRow } from './append.ts';
import { partitionOf } from './partition.ts';
import { outboxTable } from './table.ts';

const outbox = outboxTable(pgSchema('core'));
const event = (aggregateVersion: number, changes: Partial<NewEvent> = {}): NewEvent => ({
  type: 'policy.issued.v1',
  aggregateId: 'msk-a',
  aggregateVersion,
  occurredAt: new Date('2026-11-22T10:00:00.123Z'),
  data: { say: 'событие "1"' },
  ...changes,
});

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLogger({ service: 'test', region: 'msk', level: 'silent' });
  postgres = openPostgres({ url: database.url('core'), name: 'test', log });
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const append = (db: Db, events: readonly NewEvent[]) =>
  db.transaction((tx) => appendEvents(tx, outbox, { topic: POLICIES, events }));
const count = async () => (await postgres.db.select().from(outbox)).length;

test('S3.2: an event is appended with its transaction or not at all', async () => {
  const failed = postgres.db.transaction(async (tx) => {
    await appendEvents(tx, outbox, { topic: POLICIES, events: [event(1)] });
    throw new Error('the rest failed');
  });
  await expect(failed).rejects.toThrow('the rest failed');
  expect(await count()).toBe(0);
});

test('S3.2: outside a transaction it does not compile', () => {
  const misuse = () =>
    // @ts-expect-error -- a Db is no Tx: this line is an error of tsc's, or tsc says that the comment is needless.
    appendEvents(postgres.db, outbox, { topic: POLICIES, events: [event(1)] });
  expect(misuse).toBeTypeOf('function');
});

test('no events are no statement', async () => {
  await append(postgres.db, []);
  expect(await count()).toBe(0);
});

test('stores each event as it will be sent, in the order given, at the partition of its aggregate', async () => {
  await append(postgres.db, [event(1), event(2, { key: 'key:a', traceparent: '00-a-b-01' })]);
  const [first, second, ...more] = await postgres.db.select().from(outbox).orderBy(outbox.id);
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    partition: partitionOf('msk-a', POLICIES.partitions),
    key: 'msk-a',
    aggregateId: 'msk-a',
    aggregateVersion: 1,
    type: 'policy.issued.v1',
    traceparent: null,
    data: '{"say":"событие \\"1\\""}',
  });
  expect(new Date(first?.occurredAt ?? 0).toISOString()).toBe('2026-11-22T10:00:00.123Z');
  expect(second).toMatchObject({ aggregateVersion: 2, key: 'key:a', traceparent: '00-a-b-01' });
  expect(second?.eventId).not.toBe(first?.eventId);
});

test('the id of an event is a UUID of version 7 that carries its moment', async () => {
  const [row] = await postgres.db.select().from(outbox).orderBy(outbox.id);
  const id = row?.eventId ?? '';
  expect(id[14]).toBe('7');
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-11-22T10:00:00.123Z'));
});

test.each(['', 'a\u001eb', 'a\u0000', 'x'.repeat(201)])(
  'the key %j is refused: read as part of a page it would fall apart',
  (key) => {
    expect(() => outboxRow(POLICIES, event(1, { key }))).toThrow('cannot be the key of an event');
  },
);
