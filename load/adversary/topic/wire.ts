import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { IncomingMessage } from '#platform/events/transport.ts';
import type { TopicRecord } from './topic-log.ts';

/** What a client says to the topic, a line of JSON each. */
export type Asked =
  | { readonly say: 'publish'; readonly id: number; readonly records: readonly TopicRecord[] }
  | { readonly say: 'subscribe' }
  /** The records handed over as `id` are handled. */
  | { readonly say: 'handled'; readonly id: number };

/** What the topic says to a client. */
export type Told =
  | { readonly say: 'acknowledged'; readonly id: number }
  | {
      readonly say: 'handed';
      readonly id: number;
      readonly partition: number;
      readonly messages: readonly IncomingMessage[];
    };

/** Calls back with each message that comes. */
export function onMessage<Message>(socket: Socket, take: (message: Message) => void): void {
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    // A connection that is cut may end within a line.
    if (line.endsWith('}')) take(JSON.parse(line) as Message);
  });
  // The interface tells the errors of its input again; the socket's own listener has them.
  lines.on('error', () => undefined);
}

export const tell = (socket: Socket, message: Asked | Told): void => {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
};
