import { setImmediate } from 'node:timers/promises';
import { TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { parseConfig } from '../../../core/config.ts';
import { startCore } from '../../../core/main.ts';

/** What this process is told, and answers once it has done so. */
export type Order = { readonly publish: readonly OutgoingMessage[] } | { readonly weigh: true };

/** Bytes, after all garbage was collected. */
export interface Weight {
  readonly rss: number;
  readonly heapUsed: number;
}

/** As the relay reads its outbox. */
const PAGE = 500;

// core alone in a process of its own, as main.ts starts it, on the in-process transport: what is weighed is core.
const events = createInProcessTransport({ wait, logError: (error) => process.stderr.write(`${error}\n`) });
const core = await startCore(parseConfig(process.env), events);

async function publish(messages: readonly OutgoingMessage[]): Promise<void> {
  const { signal } = new AbortController();
  for (let from = 0; from < messages.length; from += PAGE) {
    await events.publish(TARIFFS, messages.slice(from, from + PAGE), signal);
  }
}

async function weigh(): Promise<Weight> {
  if (!globalThis.gc) throw new Error('Cannot weigh without --expose-gc');
  for (let turn = 0; turn < 5; turn += 1) {
    globalThis.gc();
    // What was held by promises and finalizers is garbage only now.
    await setImmediate();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}

process.on('message', async (order: Order) => {
  process.send?.('publish' in order ? await publish(order.publish).then(() => ({})) : await weigh());
});
process.once('disconnect', async () => {
  await core[Symbol.asyncDispose]();
  await events[Symbol.asyncDispose]();
  process.exit(0);
});
process.send?.({});
