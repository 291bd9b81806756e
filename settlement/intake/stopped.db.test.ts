import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { batchOf, cancelled, createTestContext, issued, readBooks, readPosition } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
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

const metric = async (name: string, labels: Record<string, string>) => {
  const found = await room.registry.getSingleMetric(name)?.get();
  const matches = (value: { labels: object }) =>
    Object.entries(labels).every(([key, text]) => String(value.labels[key as never]) === text);
  return found?.values.find(matches)?.value ?? 0;
};
const stops = (reason: string) => metric('settlement_batch_failures_total', { reason });
const withheld = () => metric('settlement_events_total', { outcome: 'withheld' });
const stopped = (reason: string) => metric('settlement_partition_stopped', { partition: '3', reason });

test('S3.2 a gap stops a partition: what stood before is booked, the rest withheld, and a replay heals it', async () => {
  const before = await stops('gap');
  const log = [issued(1, 1), issued(2, 2), issued(4, 4), issued(5, 5)];
  await handle(...log);
  expect(await numbersBooked()).toEqual([1, 2].map(number));
  expect(await position()).toBe('1/2+0 gap');
  await handle(...log);
  expect(await numbersBooked()).toEqual([1, 2].map(number));
  const replayed = [2, 3, 4, 5].map((n) => issued(n, n, { epoch: 2 }));
  await handle(...replayed);
  await handle(...replayed);
  expect(await numbersBooked()).toEqual([1, 2, 3, 4, 5].map(number));
  expect(await position()).toBe('2/5+0');
  expect(await stops('gap')).toBe(before + 1);
});

test('S3.2 the missing event itself, come late under the same epoch, does not heal: only a replay does', async () => {
  await handle(issued(1, 1), issued(3, 3), issued(2, 2), issued(3, 3));
  await handle(issued(2, 2), issued(3, 3));
  expect(await numbersBooked()).toEqual([number(1)]);
  await handle(issued(2, 2, { epoch: 2 }), issued(3, 3, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
});

test('S3.2 a newer epoch that begins above the gap keeps a partition stopped, one that begins at it heals', async () => {
  await handle(issued(1, 1), issued(3, 3));
  const counted = await stops('gap');
  await handle(issued(3, 3, { epoch: 2 }), issued(4, 4, { epoch: 2 }));
  expect(await position()).toBe('1/1+0 gap');
  expect(await stops('gap')).toBe(counted);
  await handle(issued(2, 2, { epoch: 3 }), issued(3, 3, { epoch: 3 }), issued(4, 4, { epoch: 2 }));
  expect(await numbersBooked()).toEqual([1, 2, 3].map(number));
  expect(await position()).toBe('3/3+0');
});

test('S3.2 a partition stops at a gap before its first event', async () => {
  await handle(issued(2, 2));
  expect(await numbersBooked()).toEqual([]);
  expect(await position()).toBe('0/0+0 gap');
});

test('S3.2 a number that comes again with another event stops a partition until that number is sent again', async () => {
  await handle(issued(1, 1), issued(2, 2), issued(3, 3));
  await handle(issued(7, 2), issued(4, 4));
  expect(await position()).toBe('1/3+0 number-reused');
  // A takeover that goes on behind the number would pass over the event that bore it.
  await handle(issued(4, 4, { epoch: 2 }), issued(5, 5, { epoch: 2 }));
  expect(await position()).toBe('1/3+0 number-reused');
  await handle(...[1, 7, 2, 3, 4, 5].map((n, i) => issued(n, i + 1, { epoch: 3 })));
  expect(await numbersBooked()).toEqual([1, 2, 3, 4, 5, 7].map(number));
});

test('S3.2 a hole in the versions of a policy stops a partition, and what stands behind it never passes it', async () => {
  await handle(issued(1, 1), cancelled(2, 2), issued(3, 3));
  expect(await position()).toBe('1/1+0 version-hole');
  // Sent again without the missing version it stops again; what stands behind in the same epoch must not pass it.
  await handle(issued(1, 1, { epoch: 2 }), cancelled(2, 2, { epoch: 2 }), issued(3, 3, { epoch: 2 }));
  expect(await position()).toBe('2/1+0 version-hole');
  await handle(cancelled(2, 1, { epoch: 3 }), issued(3, 2, { epoch: 3 }));
  expect(await numbersBooked()).toEqual([number(1)]);
  expect(await position()).toBe('2/1+0 version-hole');
  await handle(...[issued(2, 1, { epoch: 4 }), cancelled(2, 2, { epoch: 4 }), issued(3, 3, { epoch: 4 })]);
  expect(await numbersBooked()).toEqual([1, 2, 2, 3].map(number));
});

test('S3.2 one batch may stop a partition, heal it and stop it again, and each stop is counted', async () => {
  const [gaps, held] = [await stops('gap'), await withheld()];
  await handle(issued(1, 1), issued(3, 3), issued(2, 2, { epoch: 2 }), issued(4, 4, { epoch: 2 }), issued(5, 5));
  expect(await numbersBooked()).toEqual([1, 2].map(number));
  expect(await position()).toBe('2/2+0 gap');
  expect((await stops('gap')) - gaps).toBe(2);
  // The two that stopped it, and what stood behind.
  expect((await withheld()) - held).toBe(3);
});

test('S3.2 a stopped partition is told at every scrape, out of the books, and by none once it goes on', async () => {
  expect(await stopped('gap')).toBe(0);
  await handle(issued(1, 1), issued(3, 3));
  expect(await stopped('gap')).toBe(1);
  expect(await room.registry.metrics()).toContain('settlement_partition_stopped{partition="3",reason="gap"} 1');
  await handle(issued(2, 2, { epoch: 2 }));
  expect(await stopped('gap')).toBe(0);
});

test('S3.2 a stopped partition is told in the log once when it stops, and once when it goes on', async () => {
  const told: string[] = [];
  const tell = (level: string) => (_: object, message: string) => told.push(`${level}: ${message}`);
  const log = { ...room.ctx.log, error: tell('error'), info: tell('info') } as unknown as typeof room.ctx.log;
  const take = (...events: PolicyEvent[]) => handleBatch({ ...room.ctx, log }, batchOf(...events));
  await take(issued(1, 1), issued(3, 3));
  await take(issued(3, 3), issued(4, 4));
  await take(issued(2, 2, { epoch: 2 }));
  await take(issued(2, 2, { epoch: 2 }), issued(3, 3, { epoch: 2 }));
  expect(told).toEqual(['error: partition stopped', 'info: partition goes on']);
});
