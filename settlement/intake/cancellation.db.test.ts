import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { rub } from '#contracts/money.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';
import { handleTwice } from './handle-twice.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const handle = (...messages: (PolicyEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages));
const books = () => readBooks(room.ctx);
const position = () => readPosition(room.ctx);
const operations = async () => (await books()).lines.map((line) => [line['operation'], line['premium']]).sort();
const reasons = async () => (await books()).parked.map((row) => row['reason']);
const moved = (amountMinor: number) => ({ rateBps: 1_500, amount: rub(amountMinor) });

test.each([
  ['in one batch', (events: PolicyEvent[]) => [events]],
  ['one by one', (events: PolicyEvent[]) => events.map((event) => [event])],
])('R13 a policy issued and cancelled %s: the ledger keeps what stays, twice delivered or once', async (_, cut) => {
  const batches = cut([issued(1, 1), cancelled(1, 2)]);
  for (const batch of batches) await handle(...batch);
  const once = await books();
  for (const batch of batches) await handle(...batch);
  expect(await books()).toEqual(once);
  // Premium 100,007 and refund 50,003; 15 % and 5 % of each, rounded half up.
  expect(once.accounts).toEqual([
    { id: 'clearing:premiums', balance: 100_007 - 50_003 },
    { id: 'expense:partner-commission', balance: 5_000 - 2_500 },
    { id: 'income:commission:ural', balance: -(15_001 - 7_500) },
    { id: 'insurer:ural:payable', balance: -(85_006 - 42_503) },
    { id: 'partner:alfa:payable', balance: -(5_000 - 2_500) },
  ]);
  expect(once.transactions.map((row) => row['aggregate_version']).sort()).toEqual([1, 2]);
  expect(once.lines.map((line) => [line['operation'], line['period'], line['premium']]).sort()).toEqual([
    ['cancelled', '2026-12', -50_003],
    ['issued', '2026-11', 100_007],
  ]);
});

test('R13 a cancellation without refund moves no money, is known by id and version, and is not parked', async () => {
  const partner = { id: 'alfa', commission: moved(0) };
  const free = cancelled(1, 2, { data: { refund: rub(0), commission: moved(0), partner } });
  await handle(issued(1, 1));
  const { accounts, postings } = await books();
  await handle(free);
  await handle(free, { ...free, sequence: 3 });
  const after = await books();
  expect({ accounts: after.accounts, postings: after.postings }).toEqual({ accounts, postings });
  expect(after.transactions).toHaveLength(2);
  expect((await operations()).flat()).toContain(0);
  expect(after.parked).toEqual([]);
  await handle(cancelled(1, 4, { eventId: uuidOf('again') }));
  expect(await reasons()).toEqual(['cancelled-twice']);
});

test.each([
  ['issued-twice', issued(1, 3, { eventId: uuidOf('other') })],
  ['issued-twice', issued(1, 3, { eventId: uuidOf('other'), envelope: { aggregateVersion: 3 } })],
  ['cancelled-twice', cancelled(1, 3, { eventId: uuidOf('other') })],
  ['cancelled-twice', cancelled(1, 3, { eventId: uuidOf('other'), envelope: { aggregateVersion: 3 } })],
])('S3.2 a second operation of a policy under another event is parked, and booked once: %s', async (reason, second) => {
  await handle(issued(1, 1), cancelled(1, 2));
  const { parked: _, ...once } = await books();
  await handle(second, issued(2, 4));
  await handle(second, issued(2, 4));
  expect(await reasons()).toEqual([reason]);
  const { transactions } = await books();
  expect(transactions).toHaveLength(once.transactions.length + 1);
});

test('S3.2 a cancellation goes behind the parked issue of its policy, in one batch or later', async () => {
  await handle(issued(1, 1, { data: { number: '' } }), cancelled(1, 2), issued(2, 3, { data: { number: '' } }));
  await handle(cancelled(2, 4));
  expect((await reasons()).sort()).toEqual([
    'behind-dead-letter',
    'behind-dead-letter',
    'invalid-event',
    'invalid-event',
  ]);
  expect((await books()).transactions).toEqual([]);
  expect(await position()).toBe('1/4+0');
});

test.each([
  ['a cancellation as version 1', cancelled(1, 1, { envelope: { aggregateVersion: 1 } })],
  ['an issue as version 2', issued(1, 1, { envelope: { aggregateVersion: 2 } })],
])('S3.2 %s is never booked: parked as invalid, and the partition goes on', async (_, event) => {
  await handle(event, issued(2, 2));
  expect(await reasons()).toEqual(['invalid-event']);
  expect((await books()).transactions).toHaveLength(1);
});

test.each([
  ['another premium', { premium: rub(100_008) }],
  ['another insurer', { insurer: 'volga' }],
  ['another product', { product: 'travel' as const }],
  ['another number', { number: 'MSK-0000000009' }],
  ['another partner', { partner: { id: 'beta', commission: moved(2_500) } }],
  ['more than the commission back', { commission: moved(15_002) }],
  ["more than the partner's commission back", { partner: { id: 'alfa', commission: moved(5_001) } }],
])('R13 a cancellation with %s contradicts the issue and is parked, in one batch or later', async (_, data) => {
  const wrong = cancelled(1, 2, { data });
  await handle(issued(1, 1), wrong);
  const inOneBatch = await books();
  await room.reset();
  await handle(issued(1, 1));
  await handle(wrong);
  expect(await books()).toEqual(inOneBatch);
  expect(await reasons()).toEqual(['contradicts-issue']);
  expect(inOneBatch.lines.map((line) => line['operation'])).toEqual(['issued']);
});

test('R13 a cancellation that gives all back is taken: the terms of the issue are its limit', async () => {
  const { premium, commission, partner } = issued(1, 1).data;
  await handle(issued(1, 1), cancelled(1, 2, { data: { refund: premium, commission, partner } }));
  expect((await books()).accounts.map((account) => account['balance'])).toEqual([0, 0, 0, 0, 0]);
});
