import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { createInProcessTransport } from './in-process.ts';
import { observeEvents } from './observe-events.ts';

const GROUP = 'ins-comp-settlement';
const never = new AbortController().signal;
const record = (partition: number) => ({ partition, key: 'k', value: 'v' });

test('R8 how much waits for a reader is told by partition, and how its batches end', async () => {
  const registry = new Registry();
  const clock = { ms: 0 };
  const bus = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  await using events = observeEvents(bus, { registry, now: () => clock.ms });
  const series = async () =>
    (await registry.metrics()).split('\n').filter((line) => /^consumer_/.test(line) && !line.includes('bucket'));
  const handling = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const failures = [new Error('the database is away')];
  await using _ = await events.subscribe(POLICIES, GROUP, async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    begun.resolve();
    await handling.promise;
  });
  expect(await series()).toContain('consumer_batch_duration_seconds_count{topic="policies.v1",ok="false"} 0');
  const published = events.publish(POLICIES, [record(3), record(3), record(7)], never);
  await begun.promise;
  const waiting = (await series()).filter((line) => /lag/.test(line));
  expect(waiting).toHaveLength(POLICIES.partitions);
  expect(waiting.filter((line) => !line.endsWith(' 0'))).toEqual([
    'consumer_lag_events{topic="policies.v1",partition="3"} 2',
    'consumer_lag_events{topic="policies.v1",partition="7"} 1',
  ]);
  clock.ms = 1_500;
  handling.resolve();
  await published;
  expect((await series()).filter((line) => /lag/.test(line) && !line.endsWith(' 0'))).toEqual([]);
  expect((await series()).filter((line) => /batch/.test(line))).toEqual([
    'consumer_batch_duration_seconds_sum{topic="policies.v1",ok="true"} 3',
    'consumer_batch_duration_seconds_count{topic="policies.v1",ok="true"} 2',
    'consumer_batch_duration_seconds_sum{topic="policies.v1",ok="false"} 0',
    'consumer_batch_duration_seconds_count{topic="policies.v1",ok="false"} 1',
  ]);
});
