import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestRoom, gate, lineOf, type TestRoom, tariff } from './aggregator.testing.ts';
import type { CollectedTariff } from './insurers/insurer.ts';
import { pollInsurer } from './poll.ts';

let room: TestRoom;
let one: ReturnType<TestRoom['context']>;
let other: ReturnType<TestRoom['context']>;
beforeAll(async () => {
  room = await createTestRoom();
  one = room.context();
  other = room.context([], { now: () => new Date('2026-11-22T10:20:00.000Z') });
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const signal = new AbortController().signal;
const poll = (collected: CollectedTariff[] | Error, { ctx } = one) =>
  pollInsurer(
    ctx,
    lineOf('volga', async () => {
      if (collected instanceof Error) throw collected;
      return collected;
    }),
    { signal },
  );
const told = async () => (await room.books()).events.map((row) => `${row['type']} ${row['aggregate_version']}`);

describe('S3.1 R11 a good poll', () => {
  test('publishes a tariff that is new or changed, whole, with the next version; an unchanged one only moves "as of"', async () => {
    expect(await poll([tariff(500_000)])).toEqual({ status: 'good', changed: 1 });
    expect(await poll([tariff(500_000)])).toEqual({ status: 'good', changed: 0 });
    expect(await poll([tariff(510_000)])).toEqual({ status: 'good', changed: 1 });
    expect(await poll([tariff(510_000, 1_600)])).toEqual({ status: 'good', changed: 1 });
    const { events } = await room.books();
    const published = events
      .filter((row) => row['type'] === 'tariff.published.v1')
      .map((row) => JSON.parse(row['data']));
    expect(published.map(({ version, commissionRateBps, terms }) => [version, commissionRateBps, terms])).toEqual([
      [1, 1_500, { baseRatesMinor: { '2.2': 500_000 } }],
      [2, 1_500, { baseRatesMinor: { '2.2': 510_000 } }],
      [3, 1_600, { baseRatesMinor: { '2.2': 510_000 } }],
    ]);
    expect(await told()).toEqual([
      'tariff.published.v1 1',
      'insurer.polled.v1 2',
      'insurer.polled.v1 3',
      'tariff.published.v1 4',
      'insurer.polled.v1 5',
      'tariff.published.v1 6',
      'insurer.polled.v1 7',
    ]);
  });

  test('is told to the relay and counted', async () => {
    const { seen, ctx } = room.context();
    await poll([tariff(1)], { ctx, seen });
    expect(seen).toEqual({ pokes: 1, polls: ['volga good'] });
  });

  test('S3.2 stores and tells in one transaction: without its events nothing is stored, and nobody blames the insurer', async () => {
    await poll([tariff(500_000)]);
    const before = await room.books();
    await room.admin`alter table aggregator.outbox add constraint broken check (type <> 'insurer.polled.v1') not valid`;
    await expect(poll([tariff(510_000)])).rejects.toThrow();
    await room.admin`alter table aggregator.outbox drop constraint broken`;
    expect(await room.books()).toEqual(before);
    expect(await poll([tariff(510_000)])).toEqual({ status: 'good', changed: 1 });
    expect((await room.books()).tariffs[0]).toMatchObject({ version: 2 });
    expect(await told()).toEqual([
      'tariff.published.v1 1',
      'insurer.polled.v1 2',
      'tariff.published.v1 3',
      'insurer.polled.v1 4',
    ]);
  });
});

describe('S3.1 R14 a failing insurer', () => {
  test('changes nothing of what is known of it: tariff, "as of" and events stay; the failure is recorded', async () => {
    await poll([tariff(500_000)]);
    const before = await room.books();
    expect(await poll(new Error('HTTP status 500'), other)).toEqual({ status: 'failed', reason: 'HTTP status 500' });
    const after = await room.books();
    expect([after.tariffs, after.events]).toEqual([before.tariffs, before.events]);
    expect(after.polls).toEqual([
      { ...before.polls[0], outcome: 'failed: HTTP status 500', polled_at: '2026-11-22 10:20:00+00' },
    ]);
  });

  test('that never answered well is recorded too, and its first good poll begins with version 1', async () => {
    await poll(new Error('x'.repeat(10_000)));
    const [row] = (await room.books()).polls;
    expect(row).toMatchObject({ outcome: `failed: ${'x'.repeat(500)}`, as_of: null, events: 0 });
    await poll([tariff(500_000)]);
    expect(await told()).toEqual(['tariff.published.v1 1', 'insurer.polled.v1 2']);
  });

  test('does not delay another: one hangs, one fails, one is polled meanwhile', async () => {
    const hanging = gate();
    const slow = pollInsurer(
      one.ctx,
      lineOf('ural', async () => {
        await hanging.begin();
        return [tariff(2)];
      }),
      { signal },
    );
    await hanging.begun;
    await poll(new Error('broken'));
    const fast = lineOf('baikal', async () => [tariff(3)]);
    expect(await pollInsurer(one.ctx, fast, { signal })).toEqual({ status: 'good', changed: 1 });
    hanging.release();
    expect(await slow).toEqual({ status: 'good', changed: 1 });
  });

  test('lets go of the insurer: it can be polled again at once', async () => {
    await poll(new Error('broken'));
    expect(await poll([tariff(1)], other)).toEqual({ status: 'good', changed: 1 });
  });

  test('a poll that the aggregator itself cuts off is not held against the insurer', async () => {
    await poll([tariff(500_000)]);
    const before = await room.books();
    const stopping = new AbortController();
    const line = lineOf('volga', async () => {
      stopping.abort();
      throw new Error('This operation was aborted');
    });
    expect(await pollInsurer(one.ctx, line, { signal: stopping.signal })).toMatchObject({ status: 'failed' });
    expect(await room.books()).toEqual(before);
  });
});

describe('two aggregators', () => {
  test('poll an insurer at once: one does, the other is told that it is busy and asks nobody', async () => {
    const asking = gate();
    const first = pollInsurer(
      one.ctx,
      lineOf('volga', async () => {
        await asking.begin();
        return [tariff(1)];
      }),
      { signal },
    );
    await asking.begun;
    expect(await poll(new Error('asked twice'), other)).toEqual({ status: 'busy' });
    asking.release();
    expect(await first).toEqual({ status: 'good', changed: 1 });
    expect(await told()).toEqual(['tariff.published.v1 1', 'insurer.polled.v1 2']);
  });

  test('poll two insurers side by side', async () => {
    const asking = gate();
    const line = lineOf('volga', async () => {
      await asking.begin();
      return [tariff(1)];
    });
    const first = pollInsurer(one.ctx, line, { signal });
    await asking.begun;
    const ural = lineOf('ural', async () => [tariff(2)]);
    expect(await pollInsurer(other.ctx, ural, { signal })).toEqual({ status: 'good', changed: 1 });
    asking.release();
    await first;
  });

  test('in one slot: what one has polled well since, the other does not poll again; what failed, it does', async () => {
    const since = new Date('2026-11-22T10:00:00.000Z');
    const again = (collected: CollectedTariff[]) =>
      pollInsurer(
        other.ctx,
        lineOf('volga', async () => collected),
        { notSince: since, signal },
      );
    await poll(new Error('broken'));
    expect(await again([tariff(1)])).toEqual({ status: 'good', changed: 1 });
    expect(await again([tariff(2)])).toEqual({ status: 'already-polled' });
    expect((await room.books()).tariffs[0]).toMatchObject({ version: 1 });
  });

  test('one that dies in the middle of a poll leaves the insurer to the other', async () => {
    const dying = room.context();
    const asking = gate();
    const cut = pollInsurer(
      dying.ctx,
      lineOf('volga', () => asking.begin().then(() => [tariff(1)])),
      { signal },
    );
    await asking.begun;
    await room.admin`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
    expect(await poll([tariff(2)], other)).toEqual({ status: 'good', changed: 1 });
    asking.release();
    await cut.catch(() => undefined);
  });
});
