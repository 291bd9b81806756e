import type { Topic } from '#contracts/topics.ts';

/**
 * A record on its way out; the sender names the partition, so that order is decided in one place. Bytes are UTF-8 as they
 * came from the outbox: decoded and encoded again they would cost a relay a fifth of its time.
 */
export interface OutgoingMessage {
  readonly partition: number;
  readonly key: string | Buffer;
  readonly value: string | Buffer;
}

export interface IncomingMessage {
  readonly key: string;
  readonly value: string;
}

/** Records of one partition, in order. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly IncomingMessage[];
}

/** A running consumer. Disposing it finishes the batch under way; `done` rejects when it died by itself. */
export interface Subscription extends AsyncDisposable {
  readonly done: Promise<void>;
}

/**
 * The port to the event bus, at least once and in order within a partition; `transport.conformance.ts` is its law.
 * A group must be one of the topic's `groups`. A handler that rejects gets the same records again, after a pause of
 * that partition alone; records behind them wait.
 */
export interface EventTransport extends AsyncDisposable {
  /** Resolves when no failure of a process can lose the messages any more; rejects when that is not known. */
  publish(topic: Topic, messages: readonly OutgoingMessage[], signal: AbortSignal): Promise<void>;
  subscribe(topic: Topic, group: string, handle: (batch: Batch) => Promise<void>): Promise<Subscription>;
}

/** A transport that knows what waits. */
export interface MeasuredTransport extends EventTransport {
  /** Records that a group has not taken, by partition, also where another process reads them. Rejects when nobody says. */
  lag(topic: Topic, group: string): Promise<ReadonlyMap<number, number>>;
}

/** Milliseconds before a rejected batch is handed over again: doubled each time, up to 5 s. */
export const redeliveryDelayMs = (attempt: number): number => Math.min(5_000, 50 * 2 ** Math.min(attempt, 10));
