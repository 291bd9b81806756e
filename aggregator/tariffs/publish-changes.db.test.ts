import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EventEnvelope, TariffEvent } from '#contracts/events.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { IncomingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { createTestRoom, type TestRoom, tariff } from '../aggregator.testing.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { lockTariffs, publishChanges } from './publish-changes.ts';

let room: TestRoom;
let one: ReturnType<TestRoom['context']>['ctx'];
beforeAll(async () => {
  room = await createTestRoom();
  one = room.context().ctx;
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const AT = new Date('2026-11-22T10:00:00.000Z');
const publish = (insurer: string, collected: CollectedTariff[], { db } = one) =>
  db.transaction(async (tx) =>
    publishChanges(tx, { insurer, collected, at: AT, stored: await lockTariffs(tx, insurer) }),
  );
const eventsOf = async (insurer: string) =>
  (await room.books()).events.filter((row) => row['aggregate_id'] === insurer);
const versionsOf = (events: Record<string, unknown>[]) => events.map((row) => row['aggregate_version']);
const dense = (length: number) => Array.from({ length }, (_, index) => index + 1);

describe('R11 what polls tell', () => {
  test('versions grow by one with each change, aggregate versions by one with each event, whatever comes', async () => {
    const Polls = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })), {
      minLength: 1,
      maxLength: 8,
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(Polls, async (polls) => {
        const insurer = `run-${runs++}`;
        const changes = polls.filter(([rate, commission], index) => {
          const before = polls[index - 1];
          return before?.[0] !== rate || before[1] !== commission;
        });
        let changed = 0;
        for (const [rate, commission] of polls) changed += await publish(insurer, [tariff(rate, commission)]);
        const events = await eventsOf(insurer);
        const tariffs = events
          .filter((row) => row['type'] === 'tariff.published.v1')
          .map((row) => JSON.parse(row['data']));
        expect(changed).toBe(changes.length);
        expect(tariffs.map((data) => [data.version, data.terms.baseRatesMinor['2.2'], data.commissionRateBps])).toEqual(
          changes.map(([rate, commission], index) => [index + 1, rate, commission]),
        );
        expect(versionsOf(events)).toEqual(dense(changes.length + polls.length));
      }),
      { numRuns: 15 },
    );
  });

  test('two at once, should a lock have been lost, come one after the other: no version twice, none left out', async () => {
    const other = room.context().ctx;
    const rates = dense(12);
    const changed = await Promise.all(rates.map((rate) => publish('volga', [tariff(rate)], rate % 2 ? one : other)));
    expect(changed).toEqual(rates.map(() => 1));
    const events = await eventsOf('volga');
    expect(versionsOf(events)).toEqual(dense(24));
    const tariffs = events.filter((row) => row['type'] === 'tariff.published.v1').map((row) => JSON.parse(row['data']));
    expect(tariffs.map(({ version }) => version)).toEqual(dense(12));
    expect((await room.books()).tariffs[0]).toMatchObject({ version: 12, terms: tariffs.at(-1).terms });
  });
});

/** Sends what the outbox holds, by a real relay. */
async function sent(count: number): Promise<IncomingMessage[]> {
  const received: IncomingMessage[] = [];
  const complete = Promise.withResolvers<void>();
  await using events = createInProcessTransport({ wait, logError: () => undefined });
  await using _reader = await events.subscribe(TARIFFS, 'core-app', async ({ messages }) => {
    received.push(...messages);
    if (received.length >= count) complete.resolve();
  });
  const { sql } = one;
  await using _relay = startRelay({
    open: () => openOutbox(sql, { schema: 'aggregator', region: 'msk' }),
    topic: TARIFFS,
    registry: new Registry(),
    now: () => performance.now(),
    events,
    wait,
    logError: (error) => complete.reject(error),
  });
  await complete.promise;
  return received;
}

describe('tariffs.v1', () => {
  test('compaction, which keeps the last record of each key, never drops the tariff that later polls confirm', async () => {
    await publish('volga', [tariff(500_000)]);
    await publish('ural', [tariff(400_000)]);
    await publish('volga', [tariff(510_000)]);
    for (let polls = 0; polls < 3; polls += 1) await publish('volga', [tariff(510_000)]);
    const compacted = new Map((await sent(9)).map(({ key, value }) => [key, TariffEvent.parse(JSON.parse(value))]));
    expect([...compacted.keys()].toSorted()).toEqual([
      'polled:ural',
      'polled:volga',
      'tariff:ural:osago',
      'tariff:volga:osago',
    ]);
    expect(compacted.get('tariff:volga:osago')).toMatchObject({
      type: 'tariff.published.v1',
      data: { version: 2, terms: { baseRatesMinor: { '2.2': 510_000 } } },
    });
    expect(compacted.get('polled:volga')).toMatchObject({ type: 'insurer.polled.v1', aggregateVersion: 7 });
  });

  test.each(['tariff.published.v1', 'insurer.polled.v1'])('%s is sent as its golden file has it', async (type) => {
    await publish('volga', [
      {
        product: 'osago',
        commissionRateBps: 1_500,
        terms: { baseRatesMinor: { '2.1': 353_100, '2.2': 554_600, '2.3': 744_600 } },
      },
    ]);
    const events = (await sent(2)).map(({ value }) => JSON.parse(value) as EventEnvelope);
    const file = new URL(`../../core/contracts/golden/${type}.json`, import.meta.url);
    const golden = JSON.parse(readFileSync(file, 'utf8')) as EventEnvelope;
    const event = events.find((candidate) => candidate.type === type);
    expect(event).toEqual({ ...golden, eventId: event?.eventId });
  });
});
