import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Topic } from '#contracts/topics.ts';
import { abortable } from '#platform/lifecycle/abortable.ts';
import { beatWhile } from './beat-while.ts';
import { groupIdOf, type KafkaContext, RETRY } from './kafka.ts';
import { traceIdOf } from './traceparent-of.ts';
import { type Batch, redeliveryDelayMs, type Subscription } from './transport.ts';

/** What is read, on whose behalf, by whom. */
export interface Reading {
  readonly topic: Topic;
  readonly group: string;
  readonly handle: (batch: Batch) => Promise<void>;
}

/** A member that is silent for so long is put out of its group, and its partitions go to others. */
const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_000;
/** Of one consumer; as many batches are handled side by side. */
export const PARTITIONS_AT_ONCE = 4;

/**
 * Joins a group as soon as `reached` resolves, and reads until disposed. Joining is not waited for: a group whose last
 * member was killed takes no other for 6 s, and a service has more to do than to read.
 */
export function startConsumer(kafka: Kafka, ctx: KafkaContext, reading: Reading, reached: Promise<void>): Subscription {
  const consumer = kafka.consumer({
    groupId: groupIdOf(ctx, reading.group),
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    maxWaitTimeInMs: 50,
    retry: RETRY,
  });
  const done = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) done.reject(new Error('The Kafka consumer died', { cause: payload.error }));
  });
  done.promise.catch(() => undefined);
  const stopping = new AbortController();
  const busy = new Set<Promise<void>>();
  const takeBatch = eachBatch(ctx, reading, { consumer, stopping: stopping.signal });
  const join = async () => {
    await abortable(reached, stopping.signal);
    await consumer.connect();
    await consumer.subscribe({ topic: ctx.prefix + reading.topic.name, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch(payload) {
        // Begun once stopping, a batch could not be committed any more.
        if (stopping.signal.aborted) return Promise.resolve();
        const work = takeBatch(payload);
        busy.add(work);
        return work.finally(() => busy.delete(work));
      },
    });
  };
  join().catch((error: unknown) => done.reject(error));
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      done.resolve();
      stopping.abort(new Error('The subscription is over'));
      await Promise.allSettled(busy);
      await consumer.disconnect();
    },
  };
}

function eachBatch(ctx: KafkaContext, reading: Reading, run: { consumer: Consumer; stopping: AbortSignal }) {
  const attempts = new Map<number, number>();
  return async ({ batch, resolveOffset, heartbeat, isRunning, isStale, pause }: EachBatchPayload): Promise<void> => {
    if (!isRunning() || isStale()) return;
    const { topic, partition } = batch;
    const messages = batch.messages.map(({ key, value }) => ({
      key: key?.toString() ?? '',
      value: value?.toString() ?? '',
    }));
    try {
      const handle = () => reading.handle({ topic: reading.topic.name, partition, messages });
      await beatWhile(handle, { everyMs: HEARTBEAT_MS, heartbeat, wait: ctx.wait });
    } catch (error) {
      // Whatever it threw: out of here, a TypeError would stop kafkajs for good.
      const attempt = attempts.get(partition) ?? 0;
      attempts.set(partition, attempt + 1);
      const of = { topic, partition, attempt, ...traceIdOf(messages[0]?.value ?? '') };
      ctx.log.error({ err: error, ...of }, 'batch failed, will be handed over again');
      const resume = pause();
      void ctx.wait(redeliveryDelayMs(attempt), run.stopping).then(() => run.stopping.aborted || resume());
      return;
    }
    attempts.delete(partition);
    resolveOffset(batch.lastOffset());
    const offset = (BigInt(batch.lastOffset()) + 1n).toString();
    await run.consumer.commitOffsets([{ topic, partition, offset }]);
  };
}
