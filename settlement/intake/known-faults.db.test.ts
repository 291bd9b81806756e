import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PolicyEvent } from '#contracts/events.ts';
import type { Batch, EventTransport } from '#platform/events/transport.ts';
import { startConsumer } from '../consumer.ts';
import { batchOf, createTestContext, issued, uuidOf } from '../testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
let ours: Intake;
beforeAll(async () => {
  room = await createTestContext();
  ours = { take: await ourConsumer(), table: 'settlement.ledger_transactions' };
  await room.admin`create table settlement.naive_ledger (event_id uuid not null)`;
  await room.admin`grant select, insert on settlement.naive_ledger to settlement`;
});
beforeEach(async () => {
  await room.reset();
  await room.admin`truncate settlement.naive_ledger`;
});
afterAll(() => room[Symbol.asyncDispose]());

/** A consumer's handler, and the table with a row for each event that it booked. */
interface Intake {
  readonly take: (batch: Batch) => Promise<void>;
  readonly table: string;
}

/** What settlement subscribes with. */
async function ourConsumer(): Promise<Intake['take']> {
  const taken = Promise.withResolvers<Intake['take']>();
  const events: EventTransport = {
    publish: () => Promise.reject(new Error('Nobody publishes here')),
    subscribe: async (_topic, _group, handle) => {
      taken.resolve(handle);
      return { done: Promise.resolve(), [Symbol.asyncDispose]: async () => undefined };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  await startConsumer(room.ctx, events);
  return taken.promise;
}

type Book = (tx: TransactionSql, event: PolicyEvent) => Promise<unknown>;

const insert: Book = (tx, { eventId }) => tx`insert into settlement.naive_ledger (event_id) values (${eventId})`;

/** A consumer that reads, books one by one, and commits: what it does not think of is each variant's fault. */
const naive = (book: Book): Intake => ({
  table: 'settlement.naive_ledger',
  take: async ({ messages }) => {
    await room.ctx.sql.begin(async (tx) => {
      for (const { value } of messages) await book(tx, PolicyEvent.parse(JSON.parse(value)));
    });
  },
});

const bookedIn = async ({ table }: Intake): Promise<string[]> =>
  (await room.admin.unsafe(`select event_id from ${table} order by event_id`)).map((row) => row['event_id']);

const eventsOf = (...numbers: number[]) => numbers.map((n) => uuidOf(`event ${n}`)).sort();

/** A batch that is rejected comes again, as every transport has it: here a few times. */
async function deliver({ take }: Intake, batch: Batch): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const rejected = await take(batch).then(
      () => false,
      () => true,
    );
    if (!rejected) return;
  }
}

/** LAW: what stands behind a message that can never be handled is booked. */
async function bookedBehindPoison(intake: Intake, poison: PolicyEvent | string): Promise<void> {
  await deliver(intake, batchOf(issued(1, 1), poison, issued(3, typeof poison === 'string' ? 2 : 3)));
  expect(await bookedIn(intake), 'poison blocked what stood behind it').toEqual(eventsOf(1, 3));
}

/** LAW: an event that is delivered again is booked once. */
async function booksOnce(intake: Intake): Promise<void> {
  for (const batch of [batchOf(issued(1, 1)), batchOf(issued(1, 1), issued(2, 2))]) await deliver(intake, batch);
  expect(await bookedIn(intake), 'an event was booked twice').toEqual(eventsOf(1, 2));
}

/** LAW: two consumers that have the same event at once, as in a rebalance, book it once. */
async function booksOnceAtOnce(intake: Intake): Promise<void> {
  const deliveries: Promise<void>[] = [];
  await room.admin.begin(async (tx) => {
    // Who reads passes, who writes waits: both are past their look before either has written.
    await tx.unsafe(`lock table ${intake.table} in share mode`);
    for (const _ of [1, 2]) deliveries.push(deliver(intake, batchOf(issued(1, 1))));
    await expect.poll(waitingForLocks, { interval: 10, timeout: 4_000 }).toBe(2);
  });
  await Promise.all(deliveries);
  expect(await bookedIn(intake), 'an event was booked twice').toEqual(eventsOf(1));
}

async function waitingForLocks(): Promise<number> {
  const [row] = await room.ctx.sql`select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return Number(row?.['waiting']);
}

/** LAW: a batch that met an error of the database is booked once the database works. */
async function losesNothingToTheDatabase(intake: Intake): Promise<void> {
  await room.admin.unsafe(`
    create or replace function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
    create trigger injected before insert on ${intake.table} execute function settlement.fail()`);
  const acknowledged = await intake.take(batchOf(issued(1, 1))).then(
    () => true,
    () => false,
  );
  await room.admin.unsafe(`drop trigger injected on ${intake.table}`);
  if (!acknowledged) await deliver(intake, batchOf(issued(1, 1)));
  expect(await bookedIn(intake), 'an error of the database lost a message').toEqual(eventsOf(1));
}

describe('F5 one poison event that blocks everything behind it', () => {
  const poisons: [string, PolicyEvent | string][] = [
    ['an event against its contract', issued(2, 2, { data: { number: '' } })],
    ['a text that is no event', '{'],
  ];

  test.each(poisons)('S3.2 R13 settlement keeps the law: %s, which is a dead letter', async (_what, poison) => {
    await bookedBehindPoison(ours, poison);
    expect(await room.admin`select 1 from settlement.dead_letters`).toHaveLength(1);
  });
  test.each(poisons)('S3.2 R13 a consumer that rejects what it cannot read is caught: %s', async (_what, poison) => {
    await expect(bookedBehindPoison(naive(insert), poison)).rejects.toThrow('poison blocked what stood behind it');
  });
});

describe('F6 no deduplication, or check-then-insert with a race', () => {
  /** What the look-up did not find may be there when the row is written. */
  const checkThenInsert: Book = async (tx, event) => {
    const known = await tx`select 1 from settlement.naive_ledger where event_id = ${event.eventId}`;
    if (known.length === 0) await insert(tx, event);
  };

  test('S3.2 D2 settlement keeps the law, one delivery after another', () => booksOnce(ours));
  test('S3.2 D2 settlement keeps the law, two deliveries at once', () => booksOnceAtOnce(ours));
  test('S3.2 D2 a consumer without deduplication is caught', async () => {
    await expect(booksOnce(naive(insert))).rejects.toThrow('an event was booked twice');
  });
  test('S3.2 D2 check-then-insert holds one after another, and is caught in its race', async () => {
    await booksOnce(naive(checkThenInsert));
    await room.admin`truncate settlement.naive_ledger`;
    await expect(booksOnceAtOnce(naive(checkThenInsert))).rejects.toThrow('an event was booked twice');
  });
});

describe('F7 auto-commit with a catch-all, so a database error loses a message', () => {
  /** Resolves whatever happens, so that what follows commits the offset. */
  const catchAll = (): Intake => {
    const { take, table } = naive(insert);
    return { table, take: (batch) => take(batch).catch(() => undefined) };
  };

  test('R2 S3.2 settlement keeps the law', () => losesNothingToTheDatabase(ours));
  test('R2 S3.2 a consumer with a catch-all is caught', async () => {
    await expect(losesNothingToTheDatabase(catchAll())).rejects.toThrow('an error of the database lost a message');
  });
});
