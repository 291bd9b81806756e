import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { Topic } from '#contracts/topics.ts';
import {
  type Batch,
  type EventTransport,
  type OutgoingMessage,
  redeliveryDelayMs,
  type Subscription,
} from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { type Asked, onMessage, type Told, tell } from './wire.ts';

/** The port to the event bus on the checker's topic. A publish whose connection is cut rejects: its outcome is unknown. */
export function connectTopic(port: number): EventTransport {
  const closing = new AbortController();
  const line = createLine(port);
  return {
    publish: (_topic, messages, signal) => line.publish(messages, signal),
    subscribe: async (topic, _group, handle) => subscribe({ port, topic, handle, signal: closing.signal }),
    async [Symbol.asyncDispose]() {
      closing.abort();
      line.close();
    },
  };
}

/** A connection to publish on, made anew after it was cut. */
function createLine(port: number) {
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let line: Socket | undefined;
  let sent = 0;
  const open = () => {
    const socket = createConnection(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    onMessage<Told>(socket, (told) => {
      if (told.say !== 'acknowledged') return;
      waiting.get(told.id)?.resolve();
      waiting.delete(told.id);
    });
    socket.on('close', () => {
      line = undefined;
      for (const { reject } of waiting.values()) reject(new Error('The connection to the topic was cut'));
      waiting.clear();
    });
    return socket;
  };
  return {
    async publish(messages: readonly OutgoingMessage[], signal: AbortSignal) {
      signal.throwIfAborted();
      line ??= open();
      sent += 1;
      const acknowledged = Promise.withResolvers<void>();
      waiting.set(sent, acknowledged);
      const onAbort = () => acknowledged.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      tell(line, { say: 'publish', id: sent, records: messages.map(toRecord) });
      await acknowledged.promise.finally(() => signal.removeEventListener('abort', onAbort));
    },
    close: () => line?.destroy(),
  };
}

const toRecord = ({ partition, key, value }: OutgoingMessage) => ({
  partition,
  key: key.toString(),
  value: value.toString(),
});

interface Reading {
  readonly port: number;
  readonly topic: Topic;
  readonly handle: (batch: Batch) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Handles what it is handed, again and again until it succeeds. A consumer whose topic is gone has nothing left to do. */
async function subscribe({ port, topic, handle, signal }: Reading): Promise<Subscription> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  const busy = new Set<Promise<void>>();
  const take = async ({ id, partition, messages }: Extract<Told, { say: 'handed' }>) => {
    for (let attempt = 0; !signal.aborted && !socket.destroyed; attempt += 1) {
      try {
        await handle({ topic: topic.name, partition, messages });
        return tell(socket, { say: 'handled', id } satisfies Asked);
      } catch {
        await wait(redeliveryDelayMs(attempt), signal);
      }
    }
  };
  onMessage<Told>(socket, (told) => {
    if (told.say !== 'handed') return;
    const work = take(told).finally(() => busy.delete(work));
    busy.add(work);
  });
  socket.on('error', () => undefined);
  tell(socket, { say: 'subscribe' });
  return {
    done: once(socket, 'close').then(() => undefined),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await Promise.allSettled(busy);
    },
  };
}
