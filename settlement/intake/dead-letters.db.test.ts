import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { rub } from '#contracts/money.ts';
import { batchOf, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';
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
const numbersBooked = async () => (await books()).lines.map((line) => line['policy_number']).sort();
const number = (n: number) => `MSK-${String(n).padStart(10, '0')}`;

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
  await handle(issued(1, 1), 'junk', issued(4, 4));
  expect(await position()).toBe('1/1+1 gap');
  expect(await numbersBooked()).toEqual([1].map(number));
});

test('S3.2 unreadable messages of a stopped partition are parked, once however often they are delivered', async () => {
  const log = [issued(1, 1), 'ahead', issued(2, 2), issued(4, 4), 'behind', issued(5, 5)];
  await handle(...log);
  await handle(...log);
  await handle('behind');
  expect((await books()).parked.map((row) => row['raw']).sort()).toEqual(['ahead', 'behind']);
  expect(await position()).toBe('1/2+0 gap');
  const replayed = [1, 2, 3, 4, 5].map((n) => issued(n, n, { epoch: 2 }));
  await handle(...replayed);
  await handle(...log, ...replayed);
  expect(await numbersBooked()).toEqual([1, 2, 3, 4, 5].map(number));
  expect((await books()).parked).toHaveLength(2);
});

test('S3.2 a poisonous event of a stopped partition is withheld, and parked when the replay brings it', async () => {
  const poison = (sequence: number, epoch: number) => issued(3, sequence, { epoch, data: { number: '' } });
  await handle(issued(1, 1), poison(3, 1));
  expect((await books()).parked).toEqual([]);
  await handle(issued(2, 2, { epoch: 2 }), poison(3, 2));
  expect((await books()).parked).toEqual([expect.objectContaining({ reason: 'invalid-event' })]);
  expect(await position()).toBe('2/3+0');
});

test.each([
  ['a million and one above', 1_000_002],
  ['of 2^52', 2 ** 52],
  ['of the last number that is exact', 2 ** 53 - 1],
  ['beyond all exact numbers', 2 ** 63],
])('S3.2 an epoch %s is unreadable, makes no later event stale, and is known again', async (_, epoch) => {
  const absurd = JSON.stringify(issued(2, 2, { epoch }));
  await handle(issued(1, 1), absurd, issued(2, 2));
  await handle(issued(1, 1), absurd, issued(2, 2));
  await handle(issued(3, 3, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
  expect((await books()).parked).toEqual([expect.objectContaining({ reason: 'unreadable', event_id: null })]);
});

test('S3.2 D9 the epoch of an event that is wrong in itself makes none of the true ones stale, unless a relay may have had it', async () => {
  const wrong = (sequence: number, epoch: number) => issued(9, sequence, { epoch, data: { number: '' } });
  await handle(issued(1, 1), wrong(2, 1_002), issued(2, 2), issued(3, 3));
  expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
  expect((await books()).parked).toMatchObject([{ reason: 'unreadable', event_id: null }]);
  await handle(wrong(4, 1_001), issued(4, 5, { epoch: 1_001 }));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4].map(number));
  expect(await position()).toBe('1001/5+0');
});

test('S3.2 an epoch a million above is taken: relays may have taken over that often', async () => {
  await handle(issued(1, 1), issued(2, 2, { epoch: 1_000_000 }));
  expect(await numbersBooked()).toEqual([1, 2].map(number));
});

test.each([2 ** 53 - 1, 2 ** 63])('S3.2 an absurd number %d in the stream is never the position', async (sequence) => {
  await handle(issued(1, 1), issued(2, sequence));
  expect(await position()).toMatch(/^1\/1\+/);
  await handle(issued(2, 2, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2].map(number));
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

test('D9 currency, sign, size, version, product and insurer that cannot be are parked each with its reason, and the rest goes on', async () => {
  const { data } = issued(1, 1);
  const withData = (n: number, changes: object) => ({ ...issued(n, n), data: { ...issued(n, n).data, ...changes } });
  const dollars = { ...data.premium, currency: 'USD' };
  const poison = [
    withData(1, { premium: dollars }),
    withData(2, { commission: { ...data.commission, amount: dollars } }),
    withData(3, { premium: rub(-100_000) }),
    withData(4, { premium: rub(1_000_000_000_001) }),
    withData(5, { premium: rub(2 ** 53) }),
    withData(6, { commission: { rateBps: 10_001, amount: rub(1) } }),
    withData(7, { product: 'kasko' }),
    withData(8, { insurer: 'Волга' }),
    withData(9, { endsOn: '2026-02-30' }),
    { ...issued(10, 10), type: 'policy.issued.v2' },
    { ...issued(11, 11), type: 'policy.issued' },
  ];
  await handle(...poison.map((event) => JSON.stringify(event)), issued(12, 12));
  expect(await numbersBooked()).toEqual([12].map(number));
  const reasons = new Map((await books()).parked.map((row) => [row['event_id'], row['reason']]));
  expect(poison.map(({ eventId }) => reasons.get(eventId))).toEqual([
    ...Array(9).fill('invalid-event'),
    ...Array(2).fill('unknown-type'),
  ]);
});

test('D9 an insurer, a partner and an amount never met before have accounts and a register of their own', async () => {
  const premium = rub(1_000_000_000_000);
  const commission = { rateBps: 10_000, amount: premium };
  const partner = { id: 'newcomer', commission: { rateBps: 0, amount: rub(0) } };
  await handle(issued(1, 1, { data: { insurer: 'unheard-of', premium, commission, partner } }));
  expect((await books()).accounts).toEqual([
    { id: 'clearing:premiums', balance: 1_000_000_000_000 },
    { id: 'income:commission:unheard-of', balance: -1_000_000_000_000 },
  ]);
  expect((await books()).lines).toMatchObject([{ insurer: 'unheard-of' }]);
});

test.each([
  ['of nobody', '00000000-0000-0000-0000-000000000000'],
  ['of everybody', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
])(
  'D9 S3.2 an id %s makes an event unreadable: a second one would pass for a duplicate, and its money be lost in silence',
  async (_, eventId) => {
    const nobodys = [2, 3].map((n) => JSON.stringify(issued(n, n, { eventId })));
    await handle(issued(1, 1), ...nobodys, issued(4, 4));
    expect(await numbersBooked()).toEqual([1, 4].map(number));
    const unreadable = expect.objectContaining({ reason: 'unreadable', event_id: null });
    expect((await books()).parked).toEqual([unreadable, unreadable]);
    expect(await position()).toBe('1/4+0');
  },
);
