import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks, readPosition } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
import { handleTwice } from './handle-twice.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

/** How many events there are; policies 0 to 8, three of which are cancelled later, and two of which are poison. */
const EVENTS = 12;
const POISON = new Set([3, 8]);
const CANCELLED = new Map([
  [5, 1],
  [9, 2],
  [11, 3],
]);

/** Event `n` at a place. Poison differs by its event alone, so that any resend is the same dead letter. */
function at(n: number, { epoch, sequence }: { epoch: number; sequence: number }): PolicyEvent {
  const policy = CANCELLED.get(n);
  if (policy !== undefined) return cancelled(policy, sequence, { epoch });
  return issued(n, sequence, { epoch, ...(POISON.has(n) && { data: { number: '' } }) });
}

/**
 * What a relay does next: sends events under its epoch, some of which the bus loses after it has acknowledged them, or
 * loses the partition to one that begins again `back` events lower, while `late` more records of its own arrive behind
 * the first of its successor.
 */
type Step = { send: number } | { lose: number } | { back: number; late: number };

/** What the bus makes of it: cuts the log anywhere, and hands a read of it out again from `rewind` records lower. */
interface Read {
  take: number;
  rewind: number;
}

const send = fc.record({ send: fc.integer({ min: 1, max: 6 }) });
const lose = fc.record({ lose: fc.integer({ min: 1, max: 3 }) });
const takeover = fc.record({ back: fc.integer({ min: 0, max: 5 }), late: fc.integer({ min: 0, max: 3 }) });
const steps = fc.array(fc.oneof(send, takeover), { maxLength: 12 });
const lossySteps = fc.array(fc.oneof(send, lose, takeover), { maxLength: 12 });
const reads = fc.array(fc.record({ take: fc.integer({ min: 1, max: 7 }), rewind: fc.integer({ min: 0, max: 7 }) }), {
  maxLength: 20,
});

/**
 * The records of a partition that such relays write, all events sent at the end. Where any were lost, a replay follows
 * under a newer epoch, `earlier` events before the first of them.
 */
function logOf(plan: readonly Step[], earlier = 0): PolicyEvent[] {
  const log: PolicyEvent[] = [];
  let [epoch, sent, firstLost] = [1, 0, EVENTS];
  let late: PolicyEvent[] = [];
  const go = (count: number, isLost = false) => {
    for (const end = Math.min(EVENTS, sent + count); sent < end; sent += 1) {
      if (isLost) firstLost = Math.min(firstLost, sent);
      else log.push(at(sent, { epoch, sequence: sent + 1 }), ...late);
      if (!isLost) late = [];
    }
  };
  for (const step of plan) {
    if ('send' in step) go(step.send);
    else if ('lose' in step) go(step.lose, true);
    else {
      const unsent = Array.from({ length: Math.min(step.late, EVENTS - sent) }, (_, i) => sent + i);
      late = unsent.map((n) => at(n, { epoch, sequence: n + 1 }));
      [epoch, sent] = [epoch + 1, Math.max(0, sent - step.back)];
    }
  }
  go(EVENTS);
  if (firstLost < EVENTS) {
    [epoch, sent] = [epoch + 1, Math.max(0, firstLost - earlier)];
    go(EVENTS);
  }
  return log;
}

type Handle = (ctx: typeof room.ctx, batch: ReturnType<typeof batchOf>) => Promise<void>;

async function consume(log: readonly PolicyEvent[], plan: readonly Read[], handle: Handle): Promise<void> {
  let next = 0;
  for (const { take, rewind } of [...plan, { take: log.length, rewind: 0 }]) {
    const from = Math.max(0, next - rewind);
    next = Math.min(log.length, from + take + rewind);
    if (next > from) await handle(room.ctx, batchOf(...log.slice(from, next)));
  }
}

/** The raw text of a dead letter bears the place of the delivery that came first. */
async function booksWithoutPlaces() {
  const { parked, ...books } = await readBooks(room.ctx);
  return {
    ...books,
    parked: parked.map(({ raw: _, ...row }) => row).sort((a, b) => (a['event_id'] < b['event_id'] ? -1 : 1)),
  };
}

async function booksOf(log: readonly PolicyEvent[], plan: readonly Read[], handle: Handle = handleBatch) {
  await room.reset();
  await consume(log, plan, handle);
  return booksWithoutPlaces();
}

/** The books of the stream when nothing goes wrong: policy 3 is poison, and its cancellation is behind it. */
async function cleanBooks() {
  const once = await booksOf(logOf([]), []);
  expect(once.transactions).toHaveLength(EVENTS - POISON.size - 1);
  return once;
}

/** Each batch is handed over twice in its place as well: where nothing is lost, nothing may change by that. */
test('R13 S3.2 any relay takeovers, cuts and redeliveries of a stream give the same books as one delivery', async () => {
  const once = await cleanBooks();
  await fc.assert(
    fc.asyncProperty(steps, reads, async (sending, reading) => {
      expect(await booksOf(logOf(sending), reading, handleTwice)).toEqual(once);
    }),
    { numRuns: 100 },
  );
}, 120_000);

test('R13 S3.2 whatever the bus loses, a replay from any point at or below it gives the books of a clean stream', async () => {
  const once = await cleanBooks();
  await fc.assert(
    fc.asyncProperty(lossySteps, fc.nat({ max: EVENTS }), reads, async (sending, earlier, reading) => {
      expect(await booksOf(logOf(sending, earlier), reading)).toEqual(once);
      expect(await readPosition(room.ctx)).toMatch(/^\d+\/12\+0$/);
    }),
    { numRuns: 100 },
  );
}, 120_000);

test('S3.2 an event left out of a stream is never passed over in silence, however the rest is cut and sent again', async () => {
  const missing = fc.integer({ min: 0, max: EVENTS - 2 });
  await fc.assert(
    fc.asyncProperty(missing, reads, async (n, reading) => {
      const log = logOf([]).filter((event) => event.sequence !== n + 1);
      expect((await booksOf(log, reading)).transactions.length).toBeLessThanOrEqual(n);
      expect(await readPosition(room.ctx)).toBe(`${n === 0 ? 0 : 1}/${n}+0 gap`);
    }),
    { numRuns: 30 },
  );
}, 120_000);
