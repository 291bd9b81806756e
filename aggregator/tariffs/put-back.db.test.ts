import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { beginLife } from '#platform/postgres/begin-life.testing.ts';
import { createTestRoom, type TestRoom, tariff } from '../aggregator.testing.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { lockTariffs, publishChanges } from './publish-changes.ts';

let room: TestRoom;
let first: ReturnType<TestRoom['context']>['ctx'];
let second: typeof first;
beforeAll(async () => {
  room = await createTestRoom();
  first = room.context().ctx;
  await first.sql`select 1`;
  await beginLife(room.adminUrl, 2);
  second = room.context().ctx;
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const AT = new Date('2026-11-22T10:00:00.000Z');
const publish = (collected: CollectedTariff[], { db } = first) =>
  db.transaction(async (tx) =>
    publishChanges(tx, { insurer: 'volga', collected, at: AT, stored: await lockTariffs(tx, 'volga') }),
  );
/** What was told: type, version and base rate of each. */
const told = async () =>
  (await room.books()).events
    .filter(({ type }) => type !== 'insurer.polled.v1')
    .map(({ type, data }) => [type, JSON.parse(data).version, JSON.parse(data).terms?.baseRatesMinor['2.2']]);
const [PUBLISHED, WITHDRAWN] = ['tariff.published.v1', 'tariff.withdrawn.v1'];

test('R2 D9 put back, it tells what it knows anew, changed or not: others may know a later version of other contents', async () => {
  await publish([tariff(300_000)]);
  expect(await publish([tariff(300_000)])).toBe(0);
  expect(await publish([tariff(300_000)], second)).toBe(1);
  expect(await publish([tariff(300_000)], second)).toBe(0);
  await publish([tariff(310_000)], second);
  expect(await told()).toEqual([
    [PUBLISHED, 1, 300_000],
    [PUBLISHED, 1_002, 300_000],
    [PUBLISHED, 1_003, 310_000],
  ]);
});

test('R2 D9 put back, it begins with what it does not know above any version that the life before can have told', async () => {
  await publish([tariff(300_000)], second);
  expect(await told()).toEqual([[PUBLISHED, 1_001, 300_000]]);
});

test('R2 D9 put back, it withdraws anew what is not sold: it may have come on sale again in what is lost', async () => {
  await publish([tariff(300_000)]);
  await publish([]);
  expect(await publish([], second)).toBe(1);
  expect(await publish([], second)).toBe(0);
  expect(await told()).toEqual([
    [PUBLISHED, 1, 300_000],
    [WITHDRAWN, 2, undefined],
    [WITHDRAWN, 1_003, undefined],
  ]);
});
