import type { Place } from '../positions/place-event.ts';
import { type Message, unplaced } from './read-message.ts';

/**
 * An epoch grows by one each time a relay takes a partition over: a million at once, two years of a takeover a minute, is
 * no relay's. Believed, one such number would make every true event after it stale, and no replay could mend that. What is
 * wrong in itself is believed less.
 */
const MOST_TAKEOVERS = 1_000_000;
const MOST_WHEN_WRONG = 1_000;

/** The messages, those with an epoch far above the position's as unreadable ones: nothing they say is believed. */
export function distrustEpochs(messages: readonly Message[], { epoch }: Place): Message[] {
  return messages.map((message) => {
    if (!message.placed) return message;
    const most = 'refusal' in message.content ? MOST_WHEN_WRONG : MOST_TAKEOVERS;
    if (message.epoch <= epoch + most) return message;
    const detail = `The epoch is more than ${most} above ${epoch}`;
    return unplaced(message.raw, { aggregateId: null, refusal: { reason: 'unreadable', detail } });
  });
}
