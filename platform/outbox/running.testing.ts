import type { Sql } from 'postgres';
import { Registry } from 'prom-client';
import { EventEnvelope } from '#contracts/events.ts';
import { TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { Batch } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import type { Cursor } from './cursor.ts';
import { openOutbox } from './outbox-session.ts';
import { readStatus } from './read-status.ts';
import { startRelay } from './relay.ts';

/** A relay of the aggregator's outbox that runs, and all that it sent. `until` waits for a number of events to be acknowledged, `drained` for all. */
export async function runRelay(sql: Sql) {
  const stack = new AsyncDisposableStack();
  const events = stack.use(createInProcessTransport({ wait, logError: () => undefined }));
  const received: EventEnvelope[] = [];
  const wake = { check: () => {} };
  const handle = async (batch: Batch) => {
    received.push(...batch.messages.map(({ value }) => EventEnvelope.parse(JSON.parse(value))));
  };
  stack.use(await events.subscribe(TARIFFS, 'core-app', handle));
  const errors: unknown[] = [];
  stack.use(
    startRelay({
      open: () => {
        const session = openOutbox(sql, { schema: 'aggregator', region: 'msk' });
        const move = (cursors: readonly Cursor[]) => session.move(cursors).finally(() => wake.check());
        return { ...session, move };
      },
      events,
      topic: TARIFFS,
      // A relay that lost its partitions takes them again at once.
      wait: (ms, signal) => wait(Math.min(ms, 5), signal),
      now: () => performance.now(),
      registry: new Registry(),
      logError: (error) => errors.push(error),
    }),
  );
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      wake.check = () => {
        if (received.length >= count) resolve();
      };
      wake.check();
    });
  const drained = async () => {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        wake.check = resolve;
      });
      if ((await readStatus(sql, { schema: 'aggregator', topic: TARIFFS })).backlog === 0) return;
      await next;
    }
  };
  return { received, until, drained, errors, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
