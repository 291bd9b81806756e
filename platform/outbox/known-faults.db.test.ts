import postgres, { type Sql } from 'postgres';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';
import { type Wait, wait } from '#platform/lifecycle/wait.ts';
import { createTestDatabase, type TestDatabase } from '#platform/postgres/testing.ts';
import {
  addStatus,
  append,
  givesUp,
  marksAfterSending,
  type OutboxEvent,
  type RelayWorld,
  type RunningRelay,
  readsAboveLast,
  sendsItsOwn,
  skipsLocked,
} from './naive-relays.testing.ts';
import { openOutbox } from './outbox-session.ts';
import { startRelay } from './relay.ts';

let database: TestDatabase;
/** As the service; `admin` owns the tables. */
let sql: Sql;
let admin: Sql;
beforeEach(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url('core'), { max: 4, onnotice: () => undefined });
  admin = postgres(database.adminUrl, { max: 4, onnotice: () => undefined });
});
afterEach(async () => {
  await sql.end();
  await admin.end();
  await database[Symbol.asyncDispose]();
});

type StartRelay = (world: RelayWorld) => RunningRelay;

const ours: StartRelay = (world) =>
  startRelay({
    open: () => openOutbox(sql, { schema: 'core', region: 'msk' }),
    topic: POLICIES,
    registry: new Registry(),
    logError: () => undefined,
    ...world,
  });

/** A relay of a naive outbox, on the same database. */
const naive =
  (start: (sql: Sql, world: RelayWorld) => RunningRelay): StartRelay =>
  (world) =>
    start(admin, world);

const policy = (aggregateId: string, aggregateVersion: number): OutboxEvent => ({ aggregateId, aggregateVersion });

/** A bus that hands messages to `publish`. */
const busOf = (publish: (messages: readonly OutgoingMessage[]) => Promise<void>): EventTransport => ({
  publish: (_topic, messages) => publish(messages),
  subscribe: () => Promise.reject(new Error('Nobody reads here')),
  [Symbol.asyncDispose]: async () => undefined,
});

/** All that came over a bus, such as `msk-a 1`; `until` waits for one. */
function arrivals() {
  const arrived: string[] = [];
  const waiting = new Map<string, () => void>();
  const take = async (messages: readonly OutgoingMessage[]) => {
    for (const { value } of messages) {
      const { aggregateId, aggregateVersion } = JSON.parse(value.toString()) as OutboxEvent;
      arrived.push(`${aggregateId} ${aggregateVersion}`);
    }
    for (const event of arrived) waiting.get(event)?.();
  };
  const until = (event: string) =>
    new Promise<void>((resolve) => {
      waiting.set(event, resolve);
      if (arrived.includes(event)) resolve();
    });
  return { arrived, take, until };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** A relay's time that stands still once it has nothing to do, and says so. */
function stillTime() {
  const idle = Promise.withResolvers<void>();
  const rest: Wait = (_ms, signal) => {
    idle.resolve();
    return untilAborted(signal);
  };
  return { idle: idle.promise, wait: rest, now: () => 0 };
}

/** A service that commits events and sees to it that they are sent. */
interface Service extends AsyncDisposable {
  issue(event: OutboxEvent): Promise<void>;
}

/** LAW: an event whose process was killed between its commit and its sending is sent by the next process. */
async function strandsNothing(start: (events: EventTransport) => Service): Promise<void> {
  const killed = start(busOf(() => Promise.reject(new Error('killed'))));
  await killed.issue(policy('msk-a', 1)).catch(() => undefined);
  await killed[Symbol.asyncDispose]();
  const seen = arrivals();
  await using next = start(busOf(seen.take));
  await next.issue(policy('msk-a', 2));
  await seen.until('msk-a 2');
  expect(seen.arrived, 'a committed event was stranded').toEqual(['msk-a 1', 'msk-a 2']);
}

/** LAW: two relays at once send each row once, in the order of its aggregate, also when one of them is slow. */
async function sendsOnceAndInOrder(start: StartRelay): Promise<void> {
  for (const version of [1, 2]) await append(sql, policy('msk-a', version));
  const seen = arrivals();
  const [entered, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async (messages: readonly OutgoingMessage[]) => {
    entered.resolve();
    await gate.promise;
    await seen.take(messages);
  };
  const [first, second] = [stillTime(), stillTime()];
  await using _one = start({ events: busOf(slow), ...first });
  await entered.promise;
  await using _two = start({ events: busOf(seen.take), ...second });
  await second.idle;
  gate.resolve();
  await first.idle;
  expect(new Set(seen.arrived).size, 'a row was published twice').toBe(seen.arrived.length);
  expect(seen.arrived, 'rows were published out of order').toEqual(['msk-a 1', 'msk-a 2']);
}

/** LAW: an event that could not be sent for however long is sent once the broker is back. Both are in virtual ms. */
async function retriesForEver(start: StartRelay, times = { brokerBackMs: 5_000, overMs: 20_000 }): Promise<void> {
  await append(sql, policy('msk-a', 1));
  const seen = arrivals();
  let clockMs = 0;
  const over = Promise.withResolvers<void>();
  const pass: Wait = async (ms) => {
    clockMs += ms;
    if (clockMs >= times.overMs) over.resolve();
  };
  const publish = async (messages: readonly OutgoingMessage[]) => {
    if (clockMs < times.brokerBackMs) throw new Error('the broker is away');
    await seen.take(messages);
  };
  await using _relay = start({ events: busOf(publish), wait: pass, now: () => clockMs });
  await Promise.race([seen.until('msk-a 1'), over.promise]);
  expect(seen.arrived, 'an event was given up').toEqual(['msk-a 1']);
}

/** LAW: an event that commits after one with a higher id was sent is sent too. */
async function skipsNoLateCommit(start: StartRelay): Promise<void> {
  const seen = arrivals();
  const late = await sql.reserve();
  await late`begin`;
  await append(late, policy('msk-a', 1));
  await append(sql, policy('msk-b', 1));
  await using relay = start({ events: busOf(seen.take), ...stillTime() });
  await seen.until('msk-b 1');
  await late`commit`;
  late.release();
  await append(sql, policy('msk-a', 2));
  relay.poke();
  await seen.until('msk-a 2');
  expect(seen.arrived, 'a row committed late was skipped').toEqual(['msk-b 1', 'msk-a 1', 'msk-a 2']);
}

describe("F1 a relay that reads only its own transaction's rows, so a crash after commit strands an event", () => {
  const ourService = (events: EventTransport): Service => {
    let lookMs = 0;
    const soon: Wait = (ms, signal) => wait(Math.min(ms, 5), signal);
    // A partition that the killed process still seems to hold is asked for again at once.
    const relay = ours({ events, wait: soon, now: () => (lookMs += 1_000) });
    return {
      issue: async (event) => {
        await append(sql, event);
        relay.poke();
      },
      [Symbol.asyncDispose]: () => relay[Symbol.asyncDispose](),
    };
  };
  const naiveService = (events: EventTransport): Service => ({
    issue: (event) => sendsItsOwn(sql, { events, event }),
    [Symbol.asyncDispose]: async () => undefined,
  });

  test('R2 S3.2 the relay keeps the law', () => strandsNothing(ourService));
  test('R2 S3.2 one that sends what its own transaction wrote is caught', async () => {
    await expect(strandsNothing(naiveService)).rejects.toThrow('a committed event was stranded');
  });
});

describe('F4 two relays that publish the same row twice or out of order', () => {
  test('S3.2 D2 two of the relay keep the law', () => sendsOnceAndInOrder(ours));
  test('S3.2 D2 two that mark rows after sending, and so publish the same row twice, are caught', async () => {
    await addStatus(admin);
    await expect(sendsOnceAndInOrder(naive(marksAfterSending))).rejects.toThrow('a row was published twice');
  });
  test('S3.2 D2 two that share rows by SKIP LOCKED, and so publish out of order, are caught', async () => {
    await addStatus(admin);
    await expect(sendsOnceAndInOrder(naive(skipsLocked))).rejects.toThrow('rows were published out of order');
  });
});

describe('F9 a `FAILED` state nobody retries', () => {
  test('R2 S3.2 the relay keeps the law', () => retriesForEver(ours));
  test('R2 S3.2 a relay that marks an event FAILED after three attempts is caught', async () => {
    await addStatus(admin);
    await expect(retriesForEver(naive(givesUp))).rejects.toThrow('an event was given up');
  });
});

describe('F13 reading an outbox by `id > last`, which skips rows committed late', () => {
  test('R2 S3.2 the relay keeps the law', () => skipsNoLateCommit(ours));
  test('R2 S3.2 a relay that reads by `id > last` is caught', async () => {
    await expect(skipsNoLateCommit(naive(readsAboveLast))).rejects.toThrow('a row committed late was skipped');
  });
});
