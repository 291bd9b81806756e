import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from './outbox-session.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { startRelay } from './relay.ts';

/** Other work on the machine may take its time. */
const PATIENCE = { timeout: 15_000 };

let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
beforeEach(async () => {
  outbox = await createTestOutbox();
});
afterEach(() => outbox[Symbol.asyncDispose]());

/** A relay and what it tells of itself. */
async function openRelay() {
  const stack = new AsyncDisposableStack();
  const events = stack.use(createInProcessTransport({ wait, logError: () => undefined }));
  stack.use(await events.subscribe(TARIFFS, 'core-app', async () => undefined));
  const registry = new Registry();
  const relay = stack.use(
    startRelay({
      open: () => openOutbox(outbox.sql, { schema: 'aggregator', region: 'msk' }),
      events,
      topic: TARIFFS,
      wait: (ms, signal) => wait(Math.min(ms, 5), signal),
      now: () => performance.now(),
      registry,
      logError: () => undefined,
    }),
  );
  /** Values by series, the topic left out. */
  const told = async () =>
    Object.fromEntries(
      (await registry.metrics())
        .split('\n')
        .filter((line) => /^outbox_/.test(line))
        .map((line) =>
          line
            .replace(/topic="tariffs.v1",?/, '')
            .replace('{}', '')
            .split(' '),
        ),
    ) as Record<string, string>;
  return { relay, told, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test('R8 a relay tells what it owns, how far it came, and that it lost everything and took it again', async () => {
  await using relay = await openRelay();
  await expect.poll(relay.told, PATIENCE).toMatchObject({ outbox_partitions: '4', outbox_relay_partitions: '4' });
  for (const partition of [1, 1, 3]) await outbox.append(outbox.sql, { partition });
  relay.relay.poke();
  await expect.poll(relay.told, PATIENCE).toMatchObject({
    outbox_sent_total: '3',
    outbox_relay_failures_total: '0',
    'outbox_relay_sequence{partition="0"}': '0',
    'outbox_relay_sequence{partition="1"}': '2',
    'outbox_relay_sequence{partition="3"}': '1',
    'outbox_relay_epoch{partition="1"}': '1',
  });
  await outbox.admin`
    select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.database =
      (select oid from pg_database where datname = current_database())`;
  await expect.poll(relay.told, PATIENCE).toMatchObject({
    outbox_relay_failures_total: '1',
    outbox_relay_partitions: '4',
    'outbox_relay_epoch{partition="1"}': '2',
    'outbox_relay_sequence{partition="1"}': '2',
  });
});

test('R8 (b) of two relays each tells what it owns: together all partitions, and none twice', async () => {
  await using first = await openRelay();
  await expect.poll(first.told, PATIENCE).toMatchObject({ outbox_relay_partitions: '4' });
  await using second = await openRelay();
  await outbox.append(outbox.sql, { partition: 2 });
  await expect.poll(first.told, PATIENCE).toMatchObject({ outbox_sent_total: '1' });
  const told = await second.told();
  expect(told).toMatchObject({ outbox_partitions: '4', outbox_relay_partitions: '0' });
  expect(Object.keys(told).filter((series) => series.includes('partition='))).toEqual([]);
});
