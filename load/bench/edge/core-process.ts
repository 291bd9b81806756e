import { TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { parseConfig } from '../../../core/config.ts';
import { startCore } from '../../../core/main.ts';

/** What this process is told: tariffs, or to say what it has cost so far. */
export type Order = { readonly publish: readonly OutgoingMessage[] } | { readonly weigh: true };

/** Processor time of all its threads since it started, s. */
export interface Cost {
  readonly cpuSeconds: number;
}

// core alone in a process of its own, as main.ts starts it.
const events = createInProcessTransport({ wait, logError: (error) => process.stderr.write(`${error}\n`) });
const core = await startCore(parseConfig(process.env), events);

process.on('message', async (order: Order) => {
  if ('publish' in order) await events.publish(TARIFFS, order.publish, new AbortController().signal);
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1_000_000 } satisfies Cost);
});
const stop = async () => {
  await core[Symbol.asyncDispose]();
  await events[Symbol.asyncDispose]();
  process.exit(0);
};
process.once('SIGTERM', stop);
