import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, createTestContext, issued, readBooks } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

/** How many events there are, and one number per policy: its poison, if any. */
const EVENTS = 12;
const POISON = new Set([3, 8]);

/** Policy `n` at a place. Poison differs by its event alone, so that any resend is the same dead letter. */
const at = (n: number, place: { epoch: number; sequence: number }): PolicyEvent =>
  issued(n, place.sequence, { epoch: place.epoch, ...(POISON.has(n) && { data: { number: '' } }) });

/**
 * What a relay does next: sends events under its epoch, or loses the partition to one that begins again `back` events
 * lower, while `late` more records of its own arrive behind the first of its successor.
 */
type Step = { send: number } | { back: number; late: number };

/** What the bus makes of it: cuts the log anywhere, and hands a read of it out again from `rewind` records lower. */
interface Read {
  take: number;
  rewind: number;
}

const steps = fc.array(
  fc.oneof(
    fc.record({ send: fc.integer({ min: 1, max: 6 }) }),
    fc.record({ back: fc.integer({ min: 0, max: 5 }), late: fc.integer({ min: 0, max: 3 }) }),
  ),
  { maxLength: 12 },
);
const reads = fc.array(fc.record({ take: fc.integer({ min: 1, max: 7 }), rewind: fc.integer({ min: 0, max: 7 }) }), {
  maxLength: 20,
});

/** The records of a partition that such relays write. Ends with all events sent. */
function logOf(plan: readonly Step[]): PolicyEvent[] {
  const log: PolicyEvent[] = [];
  let [epoch, sent] = [1, 0];
  let late: PolicyEvent[] = [];
  const send = (count: number) => {
    for (const end = Math.min(EVENTS, sent + count); sent < end; sent += 1) {
      log.push(at(sent, { epoch, sequence: sent + 1 }), ...late);
      late = [];
    }
  };
  for (const step of plan) {
    if ('send' in step) send(step.send);
    else {
      const unsent = Array.from({ length: Math.min(step.late, EVENTS - sent) }, (_, i) => sent + i);
      late = unsent.map((n) => at(n, { epoch, sequence: n + 1 }));
      [epoch, sent] = [epoch + 1, Math.max(0, sent - step.back)];
    }
  }
  send(EVENTS);
  return log;
}

async function consume(log: readonly PolicyEvent[], plan: readonly Read[]): Promise<void> {
  let next = 0;
  for (const { take, rewind } of [...plan, { take: log.length, rewind: 0 }]) {
    const from = Math.max(0, next - rewind);
    next = Math.min(log.length, from + take + rewind);
    if (next > from) await handleBatch(room.ctx, batchOf(...log.slice(from, next)));
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

test('R13 S3.2 any relay takeovers, cuts and redeliveries of a stream give the same books as one delivery', async () => {
  await room.reset();
  await consume(logOf([]), []);
  const once = await booksWithoutPlaces();
  expect(once.transactions).toHaveLength(EVENTS - POISON.size);
  await fc.assert(
    fc.asyncProperty(steps, reads, async (sending, reading) => {
      await room.reset();
      await consume(logOf(sending), reading);
      expect(await booksWithoutPlaces()).toEqual(once);
    }),
    { numRuns: 100 },
  );
});

test('S3.2 an event left out of a stream is never passed over in silence, however the rest is cut and sent again', async () => {
  const missing = fc.integer({ min: 0, max: EVENTS - 2 });
  await fc.assert(
    fc.asyncProperty(missing, reads, async (n, reading) => {
      await room.reset();
      const log = logOf([]).filter((event) => event.sequence !== n + 1);
      await expect(consume(log, reading)).rejects.toEqual(expect.objectContaining({ reason: 'gap' }));
      expect((await readBooks(room.ctx)).transactions.length).toBeLessThanOrEqual(n);
    }),
    { numRuns: 30 },
  );
});
