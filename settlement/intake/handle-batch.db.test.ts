import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
import { handleTwice, requireBalanced } from './handle-twice.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const handle = (...messages: (PolicyEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages));
const handleAtOnce = (...messages: PolicyEvent[]) => handleBatch(room.ctx, batchOf(...messages));
const books = () => readBooks(room.ctx);
const position = () => readPosition(room.ctx);
const numbersBooked = async () => (await books()).lines.map((line) => line['policy_number']).sort();
const number = (n: number) => `MSK-${String(n).padStart(10, '0')}`;
const counted = async (outcome: string) => {
  const metric = await room.registry.getSingleMetric('settlement_events_total')?.get();
  return metric?.values.find((value) => value.labels['outcome'] === outcome)?.value ?? 0;
};

test('S3.2 handleBatch books each event once: ledger, balances, register line and position', async () => {
  await handle(issued(1, 1), issued(2, 2), issued(3, 3));
  const { transactions, accounts, lines } = await books();
  expect(transactions).toHaveLength(3);
  expect(lines.map((line) => line['period'])).toEqual(['2026-11', '2026-11', '2026-11']);
  // Premiums 100,007, 100,014 and 100,021; 15 % and 5 % of each, rounded half up.
  expect(accounts).toEqual([
    { id: 'clearing:premiums', balance: 300_042 },
    { id: 'expense:partner-commission', balance: 5_000 + 5_001 + 5_001 },
    { id: 'income:commission:ural', balance: -(15_001 + 15_003) },
    { id: 'income:commission:volga', balance: -15_002 },
    { id: 'insurer:ural:payable', balance: -(85_006 + 85_018) },
    { id: 'insurer:volga:payable', balance: -85_012 },
    { id: 'partner:alfa:payable', balance: -(5_000 + 5_001 + 5_001) },
  ]);
  expect(await position()).toBe('1/3+0');
});

test('S3.2 handleBatch changes nothing when a batch is delivered again, whole or in part', async () => {
  await handle(issued(1, 1), issued(2, 2), issued(3, 3));
  const once = await books();
  const duplicates = await counted('duplicate');
  await handle(issued(1, 1), issued(2, 2), issued(3, 3));
  await handle(issued(2, 2), issued(3, 3));
  expect(await books()).toEqual(once);
  expect(await position()).toBe('1/3+0');
  expect((await counted('duplicate')) - duplicates).toBe(5);
  await handle(issued(3, 3), issued(4, 4));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4].map(number));
});

test('S3.2 handleBatch books an event once that comes twice in one batch', async () => {
  await handle(issued(1, 1), issued(1, 1), issued(1, 2, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([number(1)]);
});

test('S3.2 handleBatch goes on with a new epoch at the next number', async () => {
  await handle(issued(1, 1), issued(2, 2));
  await handle(issued(3, 3, { epoch: 5 }));
  expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
  expect(await position()).toBe('5/3+0');
});

test('S3.2 handleBatch knows by id what a new epoch sends again from a lower number, in another cut', async () => {
  await handle(issued(1, 1), issued(2, 2), issued(3, 3));
  const once = await books();
  // The new owner read the outbox again: the same events, other numbers.
  await handle(issued(3, 2, { epoch: 2 }), issued(2, 3, { epoch: 2 }));
  expect(await books()).toEqual(once);
  expect(await position()).toBe('2/3+0');
  await handle(issued(4, 4, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4].map(number));
});

test('S3.2 handleBatch passes over a stale epoch: the owner of the newer sends it again', async () => {
  await handle(issued(1, 1), issued(2, 2, { epoch: 2 }));
  await handle(issued(3, 2), issued(4, 3));
  expect(await numbersBooked()).toEqual([1, 2].map(number));
  await handle(issued(3, 3, { epoch: 2 }), issued(4, 4, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4].map(number));
});

test('S3.2 two consumers of one partition handle the same batches at once, and each event is booked once', async () => {
  const batches = Array.from({ length: 20 }, (_, b) =>
    Array.from({ length: 10 }, (_, i) => issued(b * 10 + i, b * 10 + i + 1)),
  );
  for (const batch of batches) await Promise.all([1, 2, 3].map(() => handleAtOnce(...batch)));
  await requireBalanced(room.ctx);
  const { transactions, accounts, lines } = await books();
  expect(transactions).toHaveLength(200);
  expect(lines).toHaveLength(200);
  const premiums = batches.flat().reduce((sum, event) => sum + event.data.premium.amountMinor, 0);
  expect(accounts.find((account) => account['id'] === 'clearing:premiums')?.['balance']).toBe(premiums);
  expect(await position()).toBe('1/200+0');
});

/** Runs `work` while every booking is held at its insert, and lets all go once `count` of them wait there. */
async function togetherAtInsert(count: number, work: () => Promise<unknown>): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const held = room.admin.begin(async (tx) => {
    await tx`lock table settlement.ledger_transactions in share mode`;
    resolve();
    for (let waiting = 0; waiting < count; ) {
      const [row] = await tx`select count(*)::int as waiting from pg_locks
        where relation = 'settlement.ledger_transactions'::regclass and not granted`;
      waiting = row?.['waiting'];
    }
  });
  await promise;
  const [outcome] = await Promise.all([work(), held]);
  return outcome;
}

const inPartition = (partition: number, events: readonly PolicyEvent[]) => ({ ...batchOf(...events), partition });

test('S3.2 an event that two partitions bring at the same moment is booked once, and both go on', async () => {
  const batches = [3, 4].map((partition) => inPartition(partition, [issued(1, 1, { envelope: { partition } })]));
  const handleBoth = () => Promise.allSettled(batches.map((batch) => handleBatch(room.ctx, batch)));
  const raced = (await togetherAtInsert(2, handleBoth)) as Awaited<ReturnType<typeof handleBoth>>;
  expect(raced.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  const again = await handleBoth();
  expect(again.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled']);
  expect(await numbersBooked()).toEqual([number(1)]);
  expect((await books()).accounts.find((account) => account['id'] === 'clearing:premiums')?.['balance']).toBe(100_007);
});

test('S3.2 partitions that touch the same accounts in any order do not deadlock, and the balances are the sums', async () => {
  const insurers = Array.from({ length: 200 }, (_, i) => `insurer-${i}`);
  const batch = (partition: number, round: number) => {
    const some = insurers.filter((_, i) => partition < 4 || i % partition === 0);
    const order = partition % 2 === 0 ? some : some.toReversed();
    const events = order.map((insurer, i) =>
      issued((partition * 10 + round) * 1_000 + i, round * some.length + i + 1, {
        envelope: { partition },
        data: { insurer },
      }),
    );
    return inPartition(partition, events);
  };
  for (const round of [0, 1, 2]) {
    const partitions = Array.from({ length: 8 }, (_, partition) => partition);
    await togetherAtInsert(8, () => Promise.all(partitions.map((p) => handleBatch(room.ctx, batch(p, round)))));
  }
  const differing = await room.ctx.sql`
    select from settlement.ledger_accounts a where balance_minor <>
      (select sum(amount_minor) from settlement.ledger_postings p where p.account = a.id)`;
  expect(differing).toHaveLength(0);
  expect((await books()).accounts).toHaveLength(3 + 2 * insurers.length);
});

test.each(['immediate', 'deferred'])(
  'S3.2 a failure of the last statement (%s) leaves nothing behind',
  async (when) => {
    await handle(issued(1, 1));
    const before = await books();
    const applied = await counted('applied');
    await room.admin.unsafe(`
    create function settlement.fail() returns trigger language plpgsql as $$ begin raise 'injected'; end $$;
    create constraint trigger injected after update on settlement.positions deferrable initially ${when}
      for each row execute function settlement.fail()`);
    await expect(handle(issued(2, 2), 'junk', issued(3, 3))).rejects.toThrow('injected');
    await room.admin`drop function settlement.fail cascade`;
    expect(await books()).toEqual(before);
    expect(await position()).toBe('1/1+0');
    expect(await counted('applied')).toBe(applied);
    await handle(issued(2, 2), issued(3, 3));
    expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
  },
);

test('S3.2 an id is one event also when its letters are written in the other case', async () => {
  await handle(issued(1, 1));
  await handle(issued(1, 2, { eventId: issued(1, 1).eventId.toUpperCase() }));
  expect(await numbersBooked()).toEqual([number(1)]);
  expect((await books()).parked).toEqual([]);
});

test('S3.2 a policy issued twice under different events is booked once, and the second is parked', async () => {
  await handle(issued(1, 1), issued(1, 2, { eventId: uuidOf('twice') }));
  await handle(issued(1, 3, { eventId: uuidOf('thrice'), envelope: { aggregateVersion: 2 } }));
  expect(await numbersBooked()).toEqual([number(1)]);
  const { parked } = await books();
  expect(parked.map((row) => row['reason']).sort()).toEqual(['behind-dead-letter', 'issued-twice']);
});
