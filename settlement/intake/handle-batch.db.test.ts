import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const handle = (...messages: (PolicyEvent | string)[]) => handleBatch(room.ctx, batchOf(...messages));
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

test('S3.2 handleBatch stops at a gap, keeps what stood before it, and goes on when the missing event comes', async () => {
  const gap = expect.objectContaining({ reason: 'gap' });
  await expect(handle(issued(1, 1), issued(2, 2), issued(4, 4))).rejects.toEqual(gap);
  expect(await numbersBooked()).toEqual([1, 2].map(number));
  await expect(handle(issued(1, 1), issued(2, 2), issued(4, 4))).rejects.toEqual(gap);
  await expect(handle(issued(4, 4, { epoch: 2 }))).rejects.toEqual(gap);
  expect(await position()).toBe('1/2+0');
  await handle(issued(3, 3, { epoch: 2 }), issued(4, 4, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4].map(number));
});

test('S3.2 handleBatch stops at a gap before the first event of a partition', async () => {
  await expect(handle(issued(2, 2))).rejects.toEqual(expect.objectContaining({ reason: 'gap' }));
  expect(await numbersBooked()).toEqual([]);
});

test('S3.2 handleBatch stops when a number comes again with another event', async () => {
  await handle(issued(1, 1), issued(2, 2));
  const reused = expect.objectContaining({ reason: 'number-reused' });
  await expect(handle(issued(7, 2))).rejects.toEqual(reused);
  expect(await numbersBooked()).toEqual([1, 2].map(number));
});

test('S3.2 handleBatch stops at a hole in the versions of a policy', async () => {
  const second = issued(1, 1, { envelope: { aggregateVersion: 2 } });
  await expect(handle(second)).rejects.toEqual(expect.objectContaining({ reason: 'version-hole' }));
  expect(await numbersBooked()).toEqual([]);
  expect(await position()).toBe('0/0+0');
});

test('S3.2 two consumers of one partition handle the same batches at once, and each event is booked once', async () => {
  const batches = Array.from({ length: 20 }, (_, b) =>
    Array.from({ length: 10 }, (_, i) => issued(b * 10 + i, b * 10 + i + 1)),
  );
  for (const batch of batches) await Promise.all([handle(...batch), handle(...batch), handle(...batch)]);
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

test('S3.2 a poisonous event in the middle of a batch is parked, and all others are booked', async () => {
  const poison = JSON.stringify(issued(2, 2)).replace('"osago"', '\0\ud800');
  await handle(issued(1, 1), poison, issued(3, 3));
  const { parked } = await books();
  expect(await numbersBooked()).toEqual([1, 3].map(number));
  expect(parked).toEqual([expect.objectContaining({ reason: 'invalid-event', event_id: issued(2, 2).eventId })]);
  expect(await position()).toBe('1/3+0');
  const before = await books();
  await handle(issued(1, 1), poison, issued(3, 3));
  await handle(poison, issued(3, 3));
  await handle(poison.replace('"epoch":1,"sequence":2', '"epoch":2,"sequence":4'));
  expect(await books()).toEqual(before);
});

test('S3.2 a time that only a database would refuse does not stop a partition', async () => {
  await handle(issued(1, 1, { data: { issuedAt: `2026-11-30T20:59:59.${'9'.repeat(300)}Z` } }), issued(2, 2));
  expect((await books()).lines.map((line) => line['period'])).toEqual(['2026-11', '2026-11']);
});

test('S3.2 what follows a dead letter of the same policy is parked behind it, in this batch and later', async () => {
  const of = (sequence: number, type: string) =>
    JSON.stringify({ ...issued(1, sequence), eventId: uuidOf(type), type, aggregateVersion: sequence });
  await handle(of(1, 'policy.unheard-of.v1'), of(2, 'policy.issued.v1'), issued(2, 3));
  await handle(of(4, 'policy.moved.v1'), issued(3, 5));
  expect(await numbersBooked()).toEqual([2, 3].map(number));
  expect((await books()).parked.map((row) => row['reason']).sort()).toEqual([
    'behind-dead-letter',
    'behind-dead-letter',
    'unknown-type',
  ]);
});

test('S3.2 a policy issued twice under different events is booked once, and the second is parked', async () => {
  await handle(issued(1, 1), issued(1, 2, { eventId: uuidOf('twice') }));
  await handle(issued(1, 3, { eventId: uuidOf('thrice'), envelope: { aggregateVersion: 2 } }));
  expect(await numbersBooked()).toEqual([number(1)]);
  const { parked } = await books();
  expect(parked.map((row) => row['reason']).sort()).toEqual(['behind-dead-letter', 'issued-twice']);
});

test('S3.2 an id is one event also when its letters are written in the other case', async () => {
  await handle(issued(1, 1));
  await handle(issued(1, 2, { eventId: issued(1, 1).eventId.toUpperCase() }));
  expect(await numbersBooked()).toEqual([number(1)]);
  expect((await books()).parked).toEqual([]);
});

test('S1 an event of another region is parked, and takes no number of this one', async () => {
  await handle(issued(1, 1), issued(2, 40, { envelope: { region: 'nsk' } }), issued(3, 2));
  expect(await numbersBooked()).toEqual([1, 3].map(number));
  expect((await books()).parked).toEqual([expect.objectContaining({ reason: 'wrong-region', event_id: null })]);
});

test('S3.2 unreadable messages are parked, each standing for one number or for none', async () => {
  await handle(issued(1, 1), 'junk', issued(3, 3), 'foreign', issued(4, 4), 'x', 'x');
  expect(await position()).toBe('1/4+2');
  await handle(issued(7, 7));
  expect(await numbersBooked()).toEqual([1, 3, 4, 7].map(number));
  expect((await books()).parked.map((row) => row['raw']).sort()).toEqual(['foreign', 'junk', 'x', 'x']);
});

test('S3.2 an unreadable message is parked again when the same text comes at another place', async () => {
  await handle(issued(1, 1), 'junk', issued(3, 3));
  await handle('junk');
  await handle(issued(5, 5));
  expect((await books()).parked).toHaveLength(2);
  expect(await position()).toBe('1/5+0');
});

test('S3.2 unreadable messages do not hide a gap', async () => {
  const gap = expect.objectContaining({ reason: 'gap' });
  await expect(handle(issued(1, 1), 'junk', issued(4, 4))).rejects.toEqual(gap);
  await expect(handle('junk', issued(4, 4))).rejects.toEqual(gap);
  await handle(issued(3, 3));
  await expect(handle(issued(5, 5))).rejects.toEqual(gap);
});

test.each([
  ['whole', [issued(1, 1), 'junk', issued(3, 3), 'tail']],
  ['from the unreadable on', ['junk', issued(3, 3), 'tail']],
  ['the unreadable tail alone', ['tail']],
])('S3.2 an unreadable message delivered again is parked once: %s', async (_, again) => {
  await handle(issued(1, 1), 'junk', issued(3, 3), 'tail');
  const once = await books();
  await handle(...again);
  expect(await books()).toEqual(once);
  expect(await position()).toBe('1/3+1');
});
