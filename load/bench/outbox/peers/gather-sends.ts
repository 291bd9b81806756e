import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport, OutgoingMessage } from '#platform/events/transport.ts';

/**
 * Sends one message at a time for the caller, and on the wire as many as have come meanwhile: one send is in flight, as the
 * relay has it. Resolves when the message is acknowledged.
 */
export function gatherSends(publish: EventTransport['publish']): (message: OutgoingMessage) => Promise<void> {
  const never = new AbortController().signal;
  let waiting: { message: OutgoingMessage; done: PromiseWithResolvers<void> }[] = [];
  let isSending = false;
  const sendAll = async () => {
    isSending = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const messages = batch.map(({ message }) => message);
      try {
        await publish(POLICIES, messages, never);
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    isSending = false;
  };
  return (message) => {
    const done = Promise.withResolvers<void>();
    waiting.push({ message, done });
    // What comes in this turn of the event loop goes with it.
    if (!isSending) {
      isSending = true;
      setImmediate(sendAll);
    }
    return done.promise;
  };
}
