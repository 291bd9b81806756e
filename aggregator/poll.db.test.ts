import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { createTestRoom, gate, lineOf, type TestRoom, tariff } from './aggregator.testing.ts';
import type { CollectedTariff } from './insurers/insurer.ts';
import { openLine } from './insurers/open-line.ts';
import { pollInsurer } from './poll.ts';
import { InsurerReplyError } from './protocols/insurer-reply-error.ts';

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
    await poll([tariff(500_001)], { ctx, seen });
    expect(seen).toEqual({ pokes: 1, polls: ['volga good'], failures: [] });
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
        return [tariff(500_002)];
      }),
      { signal },
    );
    await hanging.begun;
    await poll(new Error('broken'));
    const fast = lineOf('baikal', async () => [tariff(500_003)]);
    expect(await pollInsurer(one.ctx, fast, { signal })).toEqual({ status: 'good', changed: 1 });
    hanging.release();
    expect(await slow).toEqual({ status: 'good', changed: 1 });
  });

  test('lets go of the insurer: it can be polled again at once', async () => {
    await poll(new Error('broken'));
    expect(await poll([tariff(500_001)], other)).toEqual({ status: 'good', changed: 1 });
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

describe('R14 an insurer that asks to be left alone', () => {
  const told429 = (retryAfterMs: number) =>
    new InsurerReplyError('status', 'HTTP status 429', { status: 429, retryAfterMs });
  const scheduled = (now: string) =>
    pollInsurer(
      { ...one.ctx, now: () => new Date(now) },
      lineOf('volga', async () => [tariff(500_000)]),
      { notSince: new Date('2026-11-22T10:15:00.000Z'), signal },
    );

  test('is, until its time is over; an operator may still ask', async () => {
    await poll(told429(15 * 60_000));
    expect(await scheduled('2026-11-22T10:22:29.999Z')).toEqual({ status: 'resting' });
    expect(await scheduled('2026-11-22T10:22:30.000Z')).toEqual({ status: 'good', changed: 1 });
    await poll(told429(15 * 60_000));
    expect(await poll([tariff(500_000)])).toEqual({ status: 'good', changed: 0 });
  });

  test('is asked again after an hour, however long it asked for', async () => {
    await poll(told429(10 * 365 * 86_400_000));
    expect(await scheduled('2026-11-22T11:07:29.999Z')).toEqual({ status: 'resting' });
    expect(await scheduled('2026-11-22T11:07:30.000Z')).toMatchObject({ status: 'good' });
  });
});

test('R14 every failed poll is counted by what was wrong, and logged with it', async () => {
  const { seen, ctx } = room.context();
  await poll(new InsurerReplyError('schema', 'tarify[0].kod: wrong'), { seen, ctx });
  await poll(new Error('unforeseen'), { seen, ctx });
  expect(seen.failures).toEqual(['volga schema', 'volga other']);
  expect(seen.polls).toEqual(['volga failed', 'volga failed']);
});

test('R14 a reply that is not plausible is told to nobody, counted, and logged as an error', async () => {
  const errors: Record<string, unknown>[] = [];
  const to = { write: (line: string) => errors.push(JSON.parse(line)) };
  const log = createLogger({ service: 'test', region: 'msk', level: 'error' }, to);
  const { seen, ctx } = room.context([], { log });
  await poll([tariff(500_000)], { seen, ctx });
  expect(await poll([tariff(800_000)], { seen, ctx })).toMatchObject({ status: 'quarantined' });
  expect(seen).toMatchObject({ pokes: 1, polls: ['volga good', 'volga quarantined'], failures: [] });
  expect(errors).toMatchObject([{ insurer: 'volga', findings: [expect.stringContaining('5000.00 to 8000.00')] }]);
});

test('a collection under way in this process, its lock lost, is not begun a second time: the other is told it is busy', async () => {
  const asking = gate();
  const collect = () => asking.begin().then(() => [tariff(500_000)]);
  const insurer = { id: 'volga', protocol: 'rest' as const, collect };
  const line = openLine(insurer, 'http://insurers.test', { random: () => 0, onRetry: () => undefined });
  const first = pollInsurer(one.ctx, line, { signal });
  await asking.begun;
  await room.admin`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  expect(await pollInsurer(one.ctx, line, { signal })).toEqual({ status: 'busy' });
  asking.release();
  await first.catch(() => undefined);
});

describe('two aggregators', () => {
  test('poll an insurer at once: one does, the other is told that it is busy and asks nobody', async () => {
    const asking = gate();
    const first = pollInsurer(
      one.ctx,
      lineOf('volga', async () => {
        await asking.begin();
        return [tariff(500_001)];
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
      return [tariff(500_001)];
    });
    const first = pollInsurer(one.ctx, line, { signal });
    await asking.begun;
    const ural = lineOf('ural', async () => [tariff(500_002)]);
    expect(await pollInsurer(other.ctx, ural, { signal })).toEqual({ status: 'good', changed: 1 });
    asking.release();
    await first;
  });

  test('R11 in one slot: what one has polled since, well or not, the other does not poll again; in the next it does', async () => {
    const again = (slot: string) =>
      pollInsurer(
        other.ctx,
        lineOf('volga', async () => [tariff(500_001)]),
        { notSince: new Date(slot), signal },
      );
    await poll(new Error('broken'));
    expect(await again('2026-11-22T10:00:00.000Z')).toEqual({ status: 'already-polled' });
    expect(await again('2026-11-22T10:15:00.000Z')).toEqual({ status: 'good', changed: 1 });
    expect(await again('2026-11-22T10:15:00.000Z')).toEqual({ status: 'already-polled' });
  });

  test('one that dies in the middle of a poll leaves the insurer to the other', async () => {
    const dying = room.context();
    const asking = gate();
    const cut = pollInsurer(
      dying.ctx,
      lineOf('volga', () => asking.begin().then(() => [tariff(500_001)])),
      { signal },
    );
    await asking.begun;
    await room.admin`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
    expect(await poll([tariff(500_002)], other)).toEqual({ status: 'good', changed: 1 });
    asking.release();
    await cut.catch(() => undefined);
  });
});
