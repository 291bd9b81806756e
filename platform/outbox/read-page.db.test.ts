import postgres, { type Sql } from 'postgres';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EventEnvelope } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { createTestDatabase, type TestDatabase } from '#platform/postgres/testing.ts';
import type { Cursor } from './cursor.ts';
import { openOutbox } from './outbox-session.ts';
import { type Page, readPages } from './read-page.ts';
import { startRelay } from './relay.ts';

let database: TestDatabase;
let sql: Sql;
/** A partition of each test's own; three are left for the test that reads three. */
let partition = 2;
beforeEach(() => {
  partition += 1;
});
beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url('core'), { max: 4, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await database[Symbol.asyncDispose]();
});

const start = (): Cursor => ({ partition, epoch: 1, sequence: 0, done: '1:1:', win: null, lastId: '0' });

/** Appends versions `from` to `to` of one aggregate, in one transaction. */
const append = (on: Sql, from: number, to: number, at = partition) =>
  on`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    select ${at}, 'a', gen_random_uuid(), 'msk-a', version, 'policy.issued.v1', now(), '{}'
    from generate_series(${from}::int, ${to}::int) as version`;

async function read(cursor: Cursor, limit: number) {
  const [page] = await readPages(sql, [cursor], { schema: 'core', region: 'msk', limit });
  if (!page) throw new Error('readPages gave no page');
  return { versions: versionsOf(page), after: page.after };
}

const eventsOf = (page: Page) => page.messages.map(({ value }) => EventEnvelope.parse(JSON.parse(value.toString())));
const versionsOf = (page: Page) => eventsOf(page).map((event) => event.aggregateVersion);

describe('a page and the cursor after it', () => {
  test('nothing to send: no rows, the number stays, what was seen is done', async () => {
    const { versions, after } = await read(start(), 3);
    expect(versions).toEqual([]);
    expect(after).toMatchObject({ sequence: 0, win: null, lastId: '0' });
    expect(after.done).not.toBe('1:1:');
  });

  test('fewer rows than a page: the window is closed', async () => {
    await append(sql, 1, 2);
    const { versions, after } = await read(start(), 3);
    expect(versions).toEqual([1, 2]);
    expect(after).toMatchObject({ sequence: 2, win: null, lastId: '0' });
    expect((await read(after, 3)).versions).toEqual([]);
  });

  test('a full page: the window stays open behind its last row, and done has not moved', async () => {
    await append(sql, 1, 5);
    const first = await read(start(), 3);
    expect(first.versions).toEqual([1, 2, 3]);
    expect(first.after).toMatchObject({ sequence: 3, done: '1:1:' });
    expect(first.after.win).not.toBeNull();
    const second = await read(first.after, 3);
    expect(second.versions).toEqual([4, 5]);
    expect(second.after).toMatchObject({ sequence: 5, win: null, lastId: '0', done: first.after.win });
  });

  test('exactly a full page: an empty one closes the window, nothing is sent twice', async () => {
    await append(sql, 1, 3);
    const first = await read(start(), 3);
    const second = await read(first.after, 3);
    expect([first.versions, second.versions]).toEqual([[1, 2, 3], []]);
    expect(second.after).toMatchObject({ sequence: 3, win: null });
    expect((await read(second.after, 3)).versions).toEqual([]);
  });

  test('what commits while a window is open waits for the next one, also with an id before it', async () => {
    const late = await sql.reserve();
    await late`begin`;
    await append(late, 100, 100);
    await append(sql, 1, 4);
    const first = await read(start(), 3);
    await late`commit`;
    late.release();
    await append(sql, 5, 5);
    const second = await read(first.after, 3);
    const third = await read(second.after, 3);
    expect([first.versions, second.versions, third.versions]).toEqual([[1, 2, 3], [4], [100, 5]]);
  });

  test('partitions in different states are read together, each gets its own', async () => {
    await append(sql, 1, 4);
    await append(sql, 11, 12, 0);
    const open = (await read(start(), 3)).after;
    const pages = await readPages(sql, [open, { ...start(), partition: 0 }, { ...start(), partition: 1 }], {
      schema: 'core',
      region: 'msk',
      limit: 3,
    });
    expect(pages.map(versionsOf)).toEqual([[4], [11, 12], []]);
    expect(pages.map((page) => page.after.partition)).toEqual([partition, 0, 1]);
  });
});

test('a message is the whole event, as its envelope has it, whatever text its parts are', async () => {
  const odd = { aggregate: 'a"\\\u0001Ж', type: 'x"y.v1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  const data = { text: 'кавычки "\\" и 🙂', amountMinor: 9007199254740991 };
  const eventId = '019aaafa-a500-7a5b-9c3d-2e1f0a9b8c7d';
  await sql`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, traceparent, data)
    values (${partition}, 'ключ', ${eventId}, ${odd.aggregate}, 7, ${odd.type}, '2026-11-22T13:00:00.007+03:00', ${odd.traceparent}, ${JSON.stringify(data)}),
      (${partition}, 'k', gen_random_uuid(), 'a', 1, 'x', '2026-01-01', null, '{}')`;
  const cursor = { ...start(), epoch: 3, sequence: 41 };
  const [page] = await readPages(sql, [cursor], { schema: 'core', region: 'msk', limit: 3 });
  const [event, plain] = (page?.messages ?? []).map(({ value }) => JSON.parse(value.toString()));
  expect(page?.messages.map(({ key }) => key.toString())).toEqual(['ключ', 'k']);
  expect(event).toEqual({
    eventId,
    type: odd.type,
    aggregateId: odd.aggregate,
    aggregateVersion: 7,
    region: 'msk',
    partition,
    epoch: 3,
    sequence: 42,
    occurredAt: '2026-11-22T10:00:00.007Z',
    traceparent: odd.traceparent,
    data,
  });
  expect(plain).toMatchObject({ sequence: 43, traceparent: null });
});

test('S3.2: 1,300 rows of a partition, from three transactions and over several windows, come once each and in order', async () => {
  await append(sql, 1, 700);
  await append(sql, 701, 1_200);
  const received: EventEnvelope[] = [];
  const complete = Promise.withResolvers<void>();
  await using events = createInProcessTransport({ wait, logError: () => undefined });
  await using _reader = await events.subscribe(POLICIES, 'ins-comp-settlement', async (batch) => {
    if (batch.partition !== partition) return;
    if (received.length === 0) await append(sql, 1_201, 1_300);
    received.push(...batch.messages.map(({ value }) => EventEnvelope.parse(JSON.parse(value))));
    if (received.length >= 1_300) complete.resolve();
  });
  const relay = startRelay({
    open: () => openOutbox(sql, { schema: 'core', region: 'msk' }),
    events,
    topic: POLICIES,
    wait,
    now: () => performance.now(),
    registry: new Registry(),
    logError: (error) => complete.reject(error),
  });
  await complete.promise.finally(() => relay[Symbol.asyncDispose]());
  const all = Array.from({ length: 1_300 }, (_, index) => index + 1);
  expect(received.map((event) => event.aggregateVersion)).toEqual(all);
  expect(received.map((event) => event.sequence)).toEqual(all);
  expect(new Set(received.map((event) => event.eventId)).size).toBe(1_300);
});
