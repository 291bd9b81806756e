import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks, readPosition, uuidOf } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
import { handleTwice } from './handle-twice.testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n);
/** Policies of the life that is lost. Its last relay took the partition over; neither books nor outbox know of that. */
const KEPT = span(1, 6).map((n) => issued(n, n));
const LOST = [...span(7, 9).map((n) => issued(n, n)), ...span(9, 12).map((n) => issued(n, n, { epoch: 2 }))];
/** Policies of the new life, numbered on from where core's outbox is known to have come. */
const sold = (epoch: number, from = 7) => span(from, from + 5).map((n) => issued(100 + n, n, { epoch }));
const ABOVE_THE_LOST = 10_002;

const numbers = async () => (await readBooks(room.ctx)).lines.map((line) => line['policy_number']).sort();
const numbersOf = (events: readonly PolicyEvent[]) => [...new Set(events.map(({ data }) => data.number))].sort();

/** The books are as they were at the backup; then all that Kafka has is read from the beginning. */
async function readAgain(...events: PolicyEvent[]): Promise<void> {
  await handleBatch(room.ctx, batchOf(...KEPT));
  await handleTwice(room.ctx, batchOf(...KEPT, ...LOST, ...events));
}

test('R2 S3.2 books put back take from Kafka what core has lost, and go on with the new life: nothing stops, nothing is parked', async () => {
  await readAgain(...sold(ABOVE_THE_LOST));
  expect(await numbers()).toEqual(numbersOf([...KEPT, ...LOST, ...sold(ABOVE_THE_LOST)]));
  expect(await readPosition(room.ctx)).toBe(`${ABOVE_THE_LOST}/12+0`);
  expect((await readBooks(room.ctx)).parked).toEqual([]);
});

test('R2 S3.2 core may be known to have come further than the books, or less far: it is the same', async () => {
  for (const from of [5, 9]) {
    await room.reset();
    await readAgain(...sold(ABOVE_THE_LOST, from));
    expect(await numbers()).toEqual(numbersOf([...KEPT, ...LOST, ...sold(ABOVE_THE_LOST, from)]));
    expect(await readPosition(room.ctx)).toBe(`${ABOVE_THE_LOST}/${from + 5}+0`);
  }
});

test('R2 S3.2 an epoch that the lost life had used stops the partition: that is what the new one must be above', async () => {
  await readAgain(...sold(2));
  expect(await readPosition(room.ctx)).toBe('2/12+0 number-reused');
});

test('R2 a cancellation lost and made again is booked once, and the second is parked for a person to compare', async () => {
  const [lost, again] = [cancelled(3, 7), cancelled(3, 7, { epoch: ABOVE_THE_LOST, eventId: uuidOf('again') })];
  await handleBatch(room.ctx, batchOf(...KEPT));
  await handleTwice(room.ctx, batchOf(...KEPT, lost, again));
  const { lines, parked } = await readBooks(room.ctx);
  expect(lines.filter(({ operation }) => operation === 'cancelled')).toHaveLength(1);
  expect(parked.map(({ reason }) => reason)).toEqual(['cancelled-twice']);
  expect(await readPosition(room.ctx)).toBe(`${ABOVE_THE_LOST}/7+0`);
});
