import { setTimeout as timer } from 'node:timers/promises';
import { POLICIES } from '#contracts/topics.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import type { DrillContext } from '../drill.ts';
import type { Sent } from './stream.ts';

export interface FeedOptions {
  readonly stream: Iterator<Sent, void>;
  readonly events: number;
  /** Events a second that are due, however many are taken. */
  readonly rate: number;
  readonly publish: EventTransport['publish'];
  /** When the last batch of a partition was in the books, by `performance.now()`. */
  readonly committedAt: ReadonlyMap<number, number>;
  /** Called with each event as it becomes due, and with the time from then to its commit. */
  readonly due: (sent: Sent) => void;
  readonly committed: (sent: Sent, lagMs: number) => void;
}

interface Waiting {
  readonly sent: Sent;
  readonly dueAt: number;
}

/** As the relay's: rows that a partition gives in one page. */
const PAGE_ROWS = 500;
const TELL_EVERY_MS = 10_000;

/**
 * Sends the stream as a relay does: pages of what is due, of all partitions at once, one send in flight. An open loop: an
 * event is late from the moment it was due, whatever kept it. Rejects when a send does, or the signal aborts.
 */
export async function feed({ say, signal }: DrillContext, options: FeedOptions): Promise<void> {
  const { stream, events, rate, publish, committedAt } = options;
  const waiting = new Map<number, Waiting[]>();
  const begun = performance.now();
  let [taken, done, tellAt] = [0, 0, begun + TELL_EVERY_MS];
  const dueAt = (event: number) => begun + (event * 1_000) / rate;
  while (done < events) {
    signal.throwIfAborted();
    for (const now = performance.now(); taken < events && dueAt(taken) <= now; taken += 1) {
      const sent = stream.next().value;
      if (!sent) throw new Error(`The stream ended after ${taken} events`);
      options.due(sent);
      queueOf(waiting, sent.partition).push({ sent, dueAt: dueAt(taken) });
    }
    const pages = [...waiting.values()].map((queue) => queue.splice(0, PAGE_ROWS));
    const page = pages.flat();
    if (page.length === 0) {
      await timer(Math.max(1, dueAt(taken) - performance.now()), undefined, { signal });
      continue;
    }
    await publish(
      POLICIES,
      page.map(({ sent }) => sent),
      signal,
    );
    for (const event of page) {
      options.committed(event.sent, (committedAt.get(event.sent.partition) ?? Number.NaN) - event.dueAt);
    }
    done += page.length;
    if (performance.now() >= tellAt) {
      tellAt += TELL_EVERY_MS;
      say(`${done} of ${events} events, ${taken - done} waiting`);
    }
  }
}

function queueOf(waiting: Map<number, Waiting[]>, partition: number): Waiting[] {
  const queue = waiting.get(partition) ?? [];
  waiting.set(partition, queue);
  return queue;
}
