import { POLICIES, TARIFFS } from '#contracts/topics.ts';
import { createInProcessTransport } from '#platform/events/in-process.ts';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { parseConfig } from '../../../core/config.ts';
import { startCore } from '../../../core/main.ts';

// core alone in a process of its own, as main.ts starts it. Its relay works: somebody takes the events, and drops them.
const events = createInProcessTransport({ wait, logError: (error) => process.stderr.write(`${error}\n`) });
const core = await startCore(parseConfig(process.env), events);
await events.subscribe(POLICIES, 'ins-comp-settlement', async () => undefined);

process.on('message', async (messages: readonly OutgoingMessage[]) => {
  await events.publish(TARIFFS, messages, new AbortController().signal);
  process.send?.({});
});
process.once('disconnect', async () => {
  await core[Symbol.asyncDispose]();
  await events[Symbol.asyncDispose]();
  process.exit(0);
});
process.send?.({});
