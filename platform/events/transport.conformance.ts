import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { POLICIES, TARIFFS, type Topic } from '#contracts/topics.ts';
import type { Batch, EventTransport, IncomingMessage, MeasuredTransport, Subscription } from './transport.ts';

const GROUP = 'ins-comp-settlement';
const never = new AbortController().signal;
/** A broker says what was committed a little later. */
const PATIENCE = { timeout: 30_000 };

/** Collects what a group receives, and resolves when it has as many records as awaited. */
function collector() {
  const received: (IncomingMessage & { partition: number })[] = [];
  let waiting: () => unknown = () => undefined;
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      waiting = () => isSo() && resolve();
      waiting();
    });
  return {
    received,
    handle: async (batch: Batch) => {
      received.push(...batch.messages.map((message) => ({ ...message, partition: batch.partition })));
      waiting();
    },
    until: (count: number) => until(() => received.length >= count),
    /** Redelivered ones not counted. */
    untilDistinct: (count: number) =>
      until(() => new Set(received.map(({ partition, value }) => `${partition} ${value}`)).size >= count),
  };
}

const record = (partition: number, value: string) => ({ partition, key: `key-${partition}`, value });

/**
 * The law of every transport. `open` gives a transport onto a bus with nothing on it; called again with the same `bus`,
 * another process' transport onto the same one.
 */
export function describeTransport(name: string, open: (bus: string) => Promise<MeasuredTransport>): void {
  const publish = (events: EventTransport, topic: Topic, records: ReturnType<typeof record>[]) =>
    events.publish(topic, records, never);

  describe(`${name}: conformance of an event transport`, () => {
    it('hands over every record of a partition, first in the order of publishing, key and value as sent', async () => {
      await using events = await open(randomUUID());
      const reader = collector();
      await using _ = await events.subscribe(POLICIES, GROUP, reader.handle);
      const values = Array.from({ length: 50 }, (_, index) => `событие ${index}`);
      for (const value of values) await publish(events, POLICIES, [record(3, value), record(7, value)]);
      await reader.untilDistinct(100);
      for (const partition of [3, 7]) {
        const mine = reader.received.filter((message) => message.partition === partition);
        // At least once: what was handled and not noted before a rebalance comes again.
        expect([...new Set(mine.map((message) => message.value))]).toEqual(values);
        expect(new Set(mine.map((message) => message.key))).toEqual(new Set([`key-${partition}`]));
      }
    });

    it('keeps topics apart', async () => {
      await using events = await open(randomUUID());
      const policies = collector();
      const tariffs = collector();
      await using _one = await events.subscribe(POLICIES, GROUP, policies.handle);
      await using _two = await events.subscribe(TARIFFS, 'core-app', tariffs.handle);
      await publish(events, POLICIES, [record(0, 'policy')]);
      await publish(events, TARIFFS, [record(0, 'tariff')]);
      await Promise.all([policies.until(1), tariffs.until(1)]);
      expect([policies.received[0]?.value, tariffs.received[0]?.value]).toEqual(['policy', 'tariff']);
    });

    it('hands a batch over again when the handler throws, a TypeError too, and lets nothing of the partition pass it', async () => {
      await using events = await open(randomUUID());
      const reader = collector();
      const failures = [new TypeError('a bug'), new Error('the database is away'), 'not even an error'];
      const failing = Promise.withResolvers<void>();
      const handle = async (batch: Batch) => {
        const failure = failures.shift();
        if (!failure) return reader.handle(batch);
        failing.resolve();
        throw failure;
      };
      await using _ = await events.subscribe(POLICIES, GROUP, handle);
      const first = publish(events, POLICIES, [record(5, 'first')]);
      await failing.promise;
      const behind = publish(events, POLICIES, [record(5, 'second'), record(5, 'third')]);
      await Promise.all([first, behind, reader.until(3)]);
      expect(reader.received.map((message) => message.value)).toEqual(['first', 'second', 'third']);
    });

    it('a failing partition does not hold up another', async () => {
      await using events = await open(randomUUID());
      const reader = collector();
      const healed = Promise.withResolvers<void>();
      let broken = true;
      void healed.promise.then(() => {
        broken = false;
      });
      const handle = async (batch: Batch) => {
        if (batch.partition === 1 && broken) throw new Error('stuck');
        await reader.handle(batch);
      };
      await using _ = await events.subscribe(POLICIES, GROUP, handle);
      const stuck = publish(events, POLICIES, [record(1, 'stuck')]);
      await publish(events, POLICIES, [record(2, 'free')]);
      await reader.until(1);
      expect(reader.received.map((message) => message.value)).toEqual(['free']);
      healed.resolve();
      await Promise.all([stuck, reader.until(2)]);
      expect(reader.received.at(-1)?.value).toBe('stuck');
    });

    it('a group that was away gets what was published meanwhile, and nothing it had handled before', async () => {
      const bus = randomUUID();
      await using events = await open(bus);
      const before = collector();
      const first: Subscription = await events.subscribe(POLICIES, GROUP, before.handle);
      await publish(events, POLICIES, [record(4, 'before')]);
      await before.until(1);
      await first[Symbol.asyncDispose]();
      await first.done;
      const meanwhile = publish(events, POLICIES, [record(4, 'meanwhile')]);
      const after = collector();
      await using _ = await events.subscribe(POLICIES, GROUP, after.handle);
      await Promise.all([meanwhile, after.until(1)]);
      expect(after.received.map((message) => message.value)).toEqual(['meanwhile']);
    });

    it('R8 tells what a group has not taken, by partition, while it is held up and when it has caught up', async () => {
      await using events = await open(randomUUID());
      const reader = collector();
      let broken = true;
      await using _ = await events.subscribe(POLICIES, GROUP, async (batch) => {
        // Given back and not held: a member that takes long is put out of its group.
        if (batch.partition === 2 && broken)
          await new Promise(setImmediate).then(() => Promise.reject(new Error('stuck')));
        await reader.handle(batch);
      });
      const stuck = publish(events, POLICIES, [record(2, 'one'), record(2, 'two')]);
      await publish(events, POLICIES, [record(6, 'free')]);
      await reader.until(1);
      const behind = async () => [...(await events.lag(POLICIES, GROUP))].filter(([, lag]) => lag > 0);
      await expect.poll(behind, PATIENCE).toEqual([[2, 2]]);
      broken = false;
      await Promise.all([stuck, reader.until(3)]);
      await expect.poll(behind, PATIENCE).toEqual([]);
      expect((await events.lag(POLICIES, GROUP)).size).toBe(POLICIES.partitions);
    });

    it('refuses a group that the topic does not name', async () => {
      await using events = await open(randomUUID());
      await expect(async () => events.subscribe(POLICIES, 'strangers', async () => {})).rejects.toThrow(/strangers/);
    });

    it('a publish that was aborted before it began rejects', async () => {
      await using events = await open(randomUUID());
      const aborted = AbortSignal.abort(new Error('stopping'));
      await expect(events.publish(POLICIES, [record(0, 'late')], aborted)).rejects.toThrow('stopping');
    });
  });
}
