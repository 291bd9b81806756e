import { randomUUID } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventEnvelope } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { Batch, EventTransport } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { createTestDatabase, type TestDatabase } from '#platform/postgres/testing.ts';
import { claimPartitions, moveCursors } from './cursor.ts';
import { openOutbox } from './outbox-session.ts';
import { partitionOf } from './partition.ts';
import { type RelayContext, startRelay } from './relay.ts';

const GROUP = 'ins-comp-settlement';
let database: TestDatabase;
let sql: Sql;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url('core'), { max: 24, onnotice: () => undefined });
});
afterEach(async () => {
  await sql.end();
  await database[Symbol.asyncDispose]();
});

/** Appends the next version of an aggregate; the id of the row is taken under a lock on the aggregate, as writers do. */
async function append(tx: Sql, aggregate: string, version: number): Promise<string> {
  const eventId = randomUUID();
  await tx`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    values (${partitionOf(aggregate, POLICIES.partitions)}, ${aggregate}, ${eventId}, ${aggregate}, ${version},
      'policy.issued.v1', now(), '{}')`;
  return eventId;
}

const relayOn = (events: EventTransport, errors: unknown[] = [], changes: Partial<RelayContext> = {}) =>
  startRelay({
    open: () => openOutbox(sql, { schema: 'core', region: 'msk' }),
    events,
    topic: POLICIES,
    wait,
    now: () => performance.now(),
    registry: new Registry(),
    logError: (error) => errors.push(error),
    ...changes,
  });

/** A settlement that only takes notes, and says when it has as many distinct events as expected. */
function notes(expected: number) {
  const received: EventEnvelope[] = [];
  const ids = new Set<string>();
  const complete = Promise.withResolvers<void>();
  const handle = async (batch: Batch) => {
    for (const { value } of batch.messages) {
      const event = EventEnvelope.parse(JSON.parse(value));
      received.push(event);
      ids.add(event.eventId);
    }
    if (ids.size >= expected) complete.resolve();
  };
  return { received, ids, handle, complete: complete.promise };
}

const inProcess = () => createInProcessTransport({ wait, logError: () => undefined });

describe('relay', () => {
  it('publishes an event whose transaction commits after a later one was published (an id below the last is not skipped)', async () => {
    await using events = inProcess();
    const seen = notes(2);
    await using _reader = await events.subscribe(POLICIES, GROUP, seen.handle);
    const late = await sql.reserve();
    await late`begin`;
    const lateId = await append(late, 'msk-a', 1);
    await append(sql, 'msk-b', 1);
    const first = Promise.withResolvers<void>();
    await using relay = relayOn({
      ...events,
      publish: (...args) => events.publish(...args).then(() => first.resolve()),
    });
    await first.promise;
    await late`commit`;
    late.release();
    relay.poke();
    await seen.complete;
    expect(seen.ids).toContain(lateId);
  });

  it('S3.2: under 16 writers with delays and rollbacks and two relays, nothing is lost or misordered, sequences are dense', async () => {
    await using events = inProcess();
    const perWriter = 60;
    const expected = new Set<string>();
    const writers = Array.from({ length: 16 }, (_, writer) =>
      write(`msk-${writer % 8}`, { writer, perWriter, expected }),
    );
    const done = Promise.all(writers);
    const received: EventEnvelope[] = [];
    const wake = { check: () => {} };
    const handle = async (batch: Batch) => {
      received.push(...batch.messages.map(({ value }) => EventEnvelope.parse(JSON.parse(value))));
      wake.check();
    };
    await using _reader = await events.subscribe(POLICIES, GROUP, handle);
    await using _one = relayOn(events);
    await using _two = relayOn(events);
    await done;
    await new Promise<void>((resolve) => {
      wake.check = () => {
        if (new Set(received.map((event) => event.eventId)).size >= expected.size) resolve();
      };
      wake.check();
    });
    expect(new Set(received.map((event) => event.eventId))).toEqual(expected);
    expectOrdered(received);
    expectDense(received);
  });

  it('takes over with a higher epoch at or below the last acknowledged + 1 after a publish whose outcome is unknown', async () => {
    await using events = inProcess();
    const seen = notes(3);
    await using _reader = await events.subscribe(POLICIES, GROUP, seen.handle);
    for (const version of [1, 2, 3]) await append(sql, 'msk-a', version);
    let failures = 1;
    const errors: unknown[] = [];
    const flaky: EventTransport = {
      ...events,
      async publish(topic, messages, signal) {
        await events.publish(topic, messages, signal);
        if (failures-- > 0) throw new Error('the acknowledgement was lost');
      },
    };
    const twice = Promise.withResolvers<void>();
    await using _relay = relayOn(
      {
        ...flaky,
        publish: (...args) => flaky.publish(...args).then(() => twice.resolve()),
      },
      errors,
    );
    await twice.promise;
    expect(errors).toHaveLength(1);
    expect(seen.received.map((event) => [event.epoch, event.sequence])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
      [2, 2],
      [2, 3],
    ]);
    expect(seen.ids.size).toBe(3);
  });

  it('whose session the server ends, idle or in use, takes its partitions again under a new epoch and goes on', async () => {
    await using events = inProcess();
    const seen = notes(2);
    await using _reader = await events.subscribe(POLICIES, GROUP, seen.handle);
    const errors: unknown[] = [];
    const first = Promise.withResolvers<void>();
    await using relay = relayOn(
      { ...events, publish: (...args) => events.publish(...args).then(() => first.resolve()) },
      errors,
    );
    await append(sql, 'msk-a', 1);
    relay.poke();
    await first.promise;
    const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
    const ended = await admin`select pg_terminate_backend(pid) from
      (select distinct pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())) as owners`;
    await admin.end();
    expect(ended).toHaveLength(1);
    await append(sql, 'msk-a', 2);
    relay.poke();
    await seen.complete;
    expect(errors.length).toBeGreaterThan(0);
    expect(seen.received.map((event) => event.aggregateVersion)).toEqual([1, 2]);
    expect(seen.received.map((event) => event.epoch)).toEqual([1, 2]);
  });

  it('does not sleep over a poke for what was committed after its pages were read, while the pages before were sent', async () => {
    await using events = inProcess();
    const seen = notes(2);
    await using _reader = await events.subscribe(POLICIES, GROUP, seen.handle);
    let sends = 0;
    await using relay = relayOn(events, [], {
      // No poll ever comes to the rescue.
      wait: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      events: {
        ...events,
        async publish(...args) {
          sends += 1;
          if (sends === 1) {
            // The next pages have been asked for, and miss it.
            await append(sql, 'msk-b', 1);
            relay.poke(partitionOf('msk-b', POLICIES.partitions));
          }
          return events.publish(...args);
        },
      },
    });
    await append(sql, 'msk-a', 1);
    relay.poke();
    await seen.complete;
    expect(sends).toBe(2);
  });

  it('reads only where it was poked, and every partition as often as it polls', async () => {
    await using events = inProcess();
    const seen = notes(3);
    await using _reader = await events.subscribe(POLICIES, GROUP, seen.handle);
    const clock = { ms: 0 };
    const read: number[] = [];
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    await using relay = relayOn(events, [], {
      wait: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      now: () => clock.ms,
      open: () => {
        const outbox = openOutbox(sql, { schema: 'core', region: 'msk' });
        return {
          ...outbox,
          read(cursors, limit) {
            read.push(cursors.length);
            return outbox.read(cursors, limit);
          },
          async move(cursors) {
            const moved = await outbox.move(cursors);
            first.resolve();
            if (seen.ids.size === 2) second.resolve();
            return moved;
          },
        };
      },
    });
    await append(sql, 'msk-a', 1);
    relay.poke();
    await first.promise;
    await append(sql, 'msk-a', 2);
    read.length = 0;
    relay.poke(partitionOf('msk-a', POLICIES.partitions));
    await second.promise;
    expect(new Set(read)).toEqual(new Set([1]));
    // Committed by another process, which can poke nobody here.
    await append(sql, 'msk-b', 1);
    clock.ms += 50;
    relay.poke(partitionOf('msk-a', POLICIES.partitions));
    await seen.complete;
    expect(read.at(-1)).toBe(POLICIES.partitions);
  });

  it('a relay that was overtaken cannot move the cursor', async () => {
    const session = await sql.reserve();
    const [mine] = await claimPartitions(session, { schema: 'core', partitions: [0] });
    if (!mine) throw new Error('partition 0 is owned by another');
    await sql`update core.outbox_cursor set epoch = epoch + 1 where partition = 0`;
    expect(await moveCursors(sql, [{ ...mine, sequence: 99 }], { schema: 'core' })).toEqual(new Set());
    const [row] = await sql`select sequence::int as sequence from core.outbox_cursor where partition = 0`;
    expect(row?.['sequence']).toBe(0);
    session.release();
  });
});

interface Writing {
  readonly writer: number;
  readonly perWriter: number;
  readonly expected: Set<string>;
}

/** Appends to one aggregate under its lock, with delays before and after the id is taken; every fifth rolls back. */
async function write(aggregate: string, { writer, perWriter, expected }: Writing): Promise<void> {
  for (let turn = 0; turn < perWriter; turn += 1) {
    const rollback = (writer + turn) % 5 === 0;
    const delay = ((writer * 7 + turn * 13) % 11) / 1000;
    await sql
      .begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(hashtext(${aggregate}))`;
        const [last] =
          await tx`select coalesce(max(aggregate_version), 0)::int as version from core.outbox where aggregate_id = ${aggregate}`;
        await tx`select pg_sleep(${delay})`;
        const id = await append(tx as unknown as Sql, aggregate, Number(last?.['version']) + 1);
        await tx`select pg_sleep(${0.01 - delay})`;
        if (rollback) throw new Error('rolled back on purpose');
        return id;
      })
      .then((id) => expected.add(id))
      .catch((error: Error) => {
        if (!error.message.includes('on purpose')) throw error;
      });
  }
}

/** Within an aggregate, first sightings come in the order of versions. */
function expectOrdered(received: readonly EventEnvelope[]): void {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const event of received) {
    if (seen.has(event.eventId)) continue;
    seen.add(event.eventId);
    expect(event.aggregateVersion).toBe((last.get(event.aggregateId) ?? 0) + 1);
    last.set(event.aggregateId, event.aggregateVersion);
  }
}

/** Within a partition and an epoch numbers have no hole, and a new epoch starts at or below the last + 1. */
function expectDense(received: readonly EventEnvelope[]): void {
  for (const events of Map.groupBy(received, (event) => event.partition).values()) {
    let last = { epoch: 0, sequence: 0 };
    for (const { epoch, sequence } of events) {
      if (epoch === last.epoch) expect(sequence).toBe(last.sequence + 1);
      else expect(sequence).toBeLessThanOrEqual(last.sequence + 1);
      last = { epoch, sequence };
    }
  }
}
