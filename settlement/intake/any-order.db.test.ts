import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { dayClosed } from '../day-closed.testing.ts';
import { reconcile } from '../reconciliation/reconcile.ts';
import { closeRegister } from '../registers/close-register.ts';
import { findClosing } from '../registers/find-closing.ts';
import { writeCsv } from '../registers/write-register.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
import { requireBalanced } from './handle-twice.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

const PARTITIONS = [0, 1, 2, 3];
const PERIODS = ['2026-11', '2026-12'];
const INSURERS = ['ural', 'volga'];

/** Policies 0 to 23, sold around the end of November in Moscow, every third of them cancelled, in the partition of its number. */
const sold = Array.from({ length: 24 }, (_, n) =>
  issued(n, 0, { data: { issuedAt: new Date(Date.UTC(2026, 10, 30, 20, 59, 47 + n, 999)).toISOString() } }),
);
const undone = sold
  .filter((_, n) => n % 3 === 0)
  .map(({ data }, i) =>
    cancelled(3 * i, 0, {
      data: { issuedAt: data.issuedAt, cancelledAt: i % 2 ? '2026-12-05T10:00:00.000Z' : data.issuedAt },
    }),
  );

/** What core says of its days. */
const dayOf = ({ type, data }: PolicyEvent) =>
  new Date(Date.parse(type === 'policy.issued.v1' ? data.issuedAt : data.cancelledAt) + 3 * 3_600_000)
    .toISOString()
    .slice(0, 10);
const days = ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05'].map((day) =>
  dayClosed(
    day,
    0,
    INSURERS.map((insurer) => ({
      insurer,
      issued: sold.filter((event) => event.data.insurer === insurer && dayOf(event) === day),
      cancelled: undone.filter((event) => event.data.insurer === insurer && dayOf(event) === day),
    })),
  ),
);

/** Each partition's records in order, numbered. */
const LOGS = PARTITIONS.map((partition) => {
  const own = (n: number) => n % PARTITIONS.length === partition;
  const events: (PolicyEvent | DayClosedEvent)[] = [
    ...sold.filter((_, n) => own(n)),
    ...undone.filter((_, i) => own(3 * i)),
    ...days.filter((_, i) => own(i)),
  ];
  return events.map((event, at) => ({ ...event, partition, sequence: at + 1 }));
});

/**
 * What happens next: a partition's reader, begun `rewind` records lower, is handed `take` more; it dies before its commit,
 * and is handed the same again by whoever comes after; or two readers of it are handed the same at once.
 */
interface Step {
  readonly partition: number;
  readonly take: number;
  readonly rewind: number;
  readonly fate: 'done' | 'dies' | 'doubled';
}

const step = fc.record<Step>({
  partition: fc.constantFrom(...PARTITIONS),
  take: fc.integer({ min: 1, max: 6 }),
  rewind: fc.integer({ min: 0, max: 4 }),
  fate: fc.constantFrom('done', 'done', 'dies', 'doubled'),
});
const courses = fc.array(step, { maxLength: 25 });

class Died extends Error {}

/** Books whose process dies when all is decided and written, before it is committed. */
const dying: typeof room.ctx.books = {
  take: (stream, messages, decide) =>
    room.ctx.books.take(stream, messages, (known) => {
      decide(known);
      throw new Died();
    }),
};

async function take({ partition, take: count, rewind, fate }: Step, next: number): Promise<number> {
  const log = LOGS[partition] ?? [];
  const end = Math.min(log.length, next + count);
  const batch = { ...batchOf(...log.slice(Math.max(0, next - rewind), end)), partition };
  if (fate === 'dies') await expect(handleBatch({ ...room.ctx, books: dying }, batch)).rejects.toThrow(Died);
  await Promise.all([handleBatch(room.ctx, batch), fate === 'doubled' && handleBatch(room.ctx, batch)]);
  return end;
}

/** Lives through a course of events and on to the end of every partition; `meanwhile` happens after so many steps. */
async function live(
  course: readonly Step[],
  meanwhile?: { after: number; happens: () => Promise<unknown> },
): Promise<void> {
  await room.reset();
  room.clock.at = new Date('2027-01-10T00:00:00.000Z');
  const next = PARTITIONS.map(() => 0);
  const rest = PARTITIONS.map((partition): Step => ({ partition, take: 100, rewind: 0, fate: 'done' }));
  for (const [n, one] of [...course, ...rest].entries()) {
    if (n === Math.min(meanwhile?.after ?? -1, course.length)) await meanwhile?.happens();
    next[one.partition] = await take(one, next[one.partition] ?? 0);
    await requireBalanced(room.ctx);
  }
}

async function csvOf(insurer: string, period: string): Promise<string> {
  const closing = await findClosing(room.ctx, { insurer, period });
  let text = '';
  for await (const piece of writeCsv(room.ctx, { insurer, period, closing })) text += piece;
  return text;
}
const registers = () => Promise.all(INSURERS.flatMap((insurer) => PERIODS.map((period) => csvOf(insurer, period))));

const close = (insurer: string) =>
  closeRegister(room.ctx, { insurer, period: '2026-11' }, { by: 'test', force: true, reason: 'in the middle' });

test('D9 R13 any interleaving, duplication and restart of any partitions gives the same entries, balances and registers, byte for byte', async () => {
  await live([]);
  const [books, texts] = [await readBooks(room.ctx), await registers()];
  expect(books.transactions).toHaveLength(sold.length + undone.length);
  expect(new Set(texts).size).toBe(texts.length);
  await fc.assert(
    fc.asyncProperty(courses, async (course) => {
      await live(course);
      expect(await readBooks(room.ctx)).toEqual(books);
      expect(await registers()).toEqual(texts);
      for (const period of PERIODS) {
        const { differences, totals } = await reconcile(room.ctx, period);
        expect(differences.filter(({ kind }) => kind !== 'not-told')).toEqual([]);
        expect([totals.ledger, totals.register]).toEqual([totals.core, totals.core]);
      }
    }),
    { numRuns: 25 },
  );
}, 180_000);

test('D9 R13 a register closed at any moment of it stays as it is to the byte, and each operation is in one register, once', async () => {
  await live([]);
  const { transactions, accounts } = await readBooks(room.ctx);
  const lineNumbers = async () =>
    (await registers())
      .flatMap((text) => text.trimEnd().split('\r\n').slice(1))
      .map((line) => line.split(',')[2])
      .toSorted();
  const numbers = await lineNumbers();
  await fc.assert(
    fc.asyncProperty(courses, fc.nat(25), async (course, after) => {
      const frozen: string[] = [];
      const happens = async () => {
        for (const insurer of INSURERS) {
          // An insurer without any line yet has no register to close.
          const isKnown = await close(insurer).then(
            () => true,
            () => false,
          );
          if (isKnown) frozen.push(await csvOf(insurer, '2026-11'));
          else frozen.push('');
        }
      };
      await live(course, { after, happens });
      for (const [at, insurer] of INSURERS.entries()) {
        if (frozen[at]) expect(await csvOf(insurer, '2026-11')).toBe(frozen[at]);
      }
      const books = await readBooks(room.ctx);
      expect([books.transactions, books.accounts]).toEqual([transactions, accounts]);
      expect(await lineNumbers()).toEqual(numbers);
      const { differences } = await reconcile(room.ctx, '2026-11');
      expect(differences.filter(({ kind }) => kind !== 'not-told')).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 180_000);
