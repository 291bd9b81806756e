import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { readStatus } from '#platform/outbox/read-status.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { type ReplayFrom, replay } from '#platform/outbox/replay.ts';
import { batchOf, createTestContext, issued, PARTITION, readBooks } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

const of = { schema: 'core', topic: POLICIES };
/** All that was sold, in the order of the outbox. */
const sold: ReturnType<typeof issued>[] = [];

/** Appends the events of more policies, each in a transaction of its own. */
async function sell(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const event = issued(sold.length, sold.length + 1);
    await room.admin`
      insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      values (${PARTITION}, ${event.aggregateId}, ${event.eventId}, ${event.aggregateId}, 1, ${event.type},
        ${event.occurredAt}, ${JSON.stringify(event.data)})`;
    sold.push(event);
  }
}

/** The relay of core and the consumer of settlement. `drained` resolves when nothing waits; rejects when a batch fails. */
async function start() {
  const stack = new AsyncDisposableStack();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const events = stack.use(createInProcessTransport({ wait, logError: failed.reject }));
  stack.use(await events.subscribe(POLICIES, 'ins-comp-settlement', (batch) => handleBatch(room.ctx, batch)));
  const moved = { note: () => {} };
  const relay = startRelay({
    open: () => {
      const session = openOutbox(room.admin, { schema: 'core', region: 'msk' });
      return { ...session, move: (cursors) => session.move(cursors).finally(() => moved.note()) };
    },
    events,
    topic: POLICIES,
    // A relay whose session a replay has ended opens another at once.
    wait: (ms, signal) => wait(Math.min(ms, 5), signal),
    now: () => performance.now(),
    registry: new Registry(),
    logError: () => undefined,
  });
  stack.use(relay);
  const drained = async () => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        moved.note = resolve;
      });
      if ((await readStatus(room.admin, of)).backlog === 0) return;
      await Promise.race([next, failed.promise]);
    }
  };
  return { drained, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** A point that is kept: any event's id, its time, or the beginning. */
const pointOf = ({ kind, at }: { kind: 'beginning' | 'event' | 'instant'; at: number }): ReplayFrom => {
  const event = sold[at % Math.max(1, sold.length)];
  if (kind === 'beginning' || !event) return 'beginning';
  return kind === 'event' ? { eventId: event.eventId } : { at: new Date(event.occurredAt) };
};
const steps = fc.array(
  fc.oneof(
    fc.record({ sell: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constantFrom('beginning', 'event', 'instant'), at: fc.nat({ max: 10_000 }) }),
  ),
  { minLength: 1, maxLength: 6 },
);

test('R2 S3.2 replays from any points while the relay runs leave the ledger as one delivery makes it', async () => {
  await using running = await start();
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      for (const step of plan) {
        if ('sell' in step) await sell(step.sell);
        else await replay(room.admin, { ...of, from: pointOf(step) });
      }
      await running.drained();
      expect((await readBooks(room.ctx)).transactions).toHaveLength(sold.length);
    }),
    { numRuns: 12, endOnFailure: true },
  );
  await running[Symbol.asyncDispose]();
  const replayed = await readBooks(room.ctx);
  await room.reset();
  await handleBatch(room.ctx, batchOf(...sold));
  expect(replayed).toEqual(await readBooks(room.ctx));
}, 120_000);

test('R2 S3.2 a ledger that was lost is made again, whole, by a replay from the beginning', async () => {
  const before = await readBooks(room.ctx);
  await room.reset();
  await replay(room.admin, { ...of, from: 'beginning' });
  await using running = await start();
  await running.drained();
  expect(await readBooks(room.ctx)).toEqual(before);
});

test('R2 S3.2 a ledger that was lost is not made again by halves: a replay from a later point stops at the hole, one from the beginning heals it', async () => {
  await using running = await start();
  await sell(2);
  await running.drained();
  const before = await readBooks(room.ctx);
  await room.reset();
  // As when nothing is open elsewhere: what is, is sent again with all that came since.
  await room.admin`update core.outbox_progress c set done = (o.last + 1 || ':' || o.last + 1 || ':')::pg_snapshot
    from (select max(xid)::text::bigint as last from core.outbox) o`;
  await replay(room.admin, { ...of, from: { eventId: sold.at(-1)?.eventId ?? '' } });
  await running.drained();
  expect((await readBooks(room.ctx)).transactions).toEqual([]);
  const [position] = await room.admin`select stopped_reason from settlement.positions where partition = ${PARTITION}`;
  expect(position).toEqual({ stopped_reason: 'gap' });
  await replay(room.admin, { ...of, from: 'beginning' });
  await running.drained();
  expect(await readBooks(room.ctx)).toEqual(before);
});
