import { type Admin, type Consumer, type EachBatchPayload, Kafka, logLevel, Partitioners } from 'kafkajs';
import { TOPICS, type Topic } from '#contracts/topics.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import { type Batch, type EventTransport, redeliveryDelayMs, type Subscription } from './transport.ts';

interface KafkaContext {
  readonly brokers: readonly string[];
  /** Before every topic and group name; empty where a region has its own broker. */
  readonly prefix: string;
  readonly clientId: string;
  /** Names the store that this service's groups fill: with another store they read each topic from its beginning. */
  readonly store?: string;
  readonly log: Logger;
  readonly wait: Wait;
}

/** kafkajs gives up after 6 to 22 s by default; with these a restarted broker is met again within a second. */
const RETRY = { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 };

/**
 * The transport over a real Kafka, through kafkajs. acks -1 and not idempotent: its idempotent producer loses
 * acknowledged messages when sends overlap, and consumers deduplicate in any case. Creates missing topics; rejects when
 * the brokers cannot be reached or a topic has another number of partitions.
 */
export async function createKafkaTransport(ctx: KafkaContext): Promise<EventTransport> {
  const kafka = new Kafka({
    brokers: [...ctx.brokers],
    clientId: ctx.clientId,
    retry: RETRY,
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(ctx.log, entry),
  });
  await ensureTopics(kafka.admin(), ctx);
  const producer = kafka.producer({ idempotent: false, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    async publish(topic, messages, signal) {
      signal.throwIfAborted();
      const sending = producer.send({ topic: ctx.prefix + topic.name, acks: -1, messages: [...messages] });
      await whileKeepingTopics(kafka, ctx, sending);
    },
    subscribe: (topic, group, handle) => {
      if (!topic.groups.includes(group))
        throw new Error(`Group "${group}" is not one of ${topic.name}'s: ${topic.groups.join(', ')}`);
      return startConsumer(kafka, ctx, { topic, group, handle });
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

async function ensureTopics(admin: Admin, ctx: KafkaContext): Promise<void> {
  await admin.connect().catch((error: unknown) => {
    throw new Error(`Cannot reach Kafka at ${ctx.brokers.join(',')}: is it running?`, { cause: error });
  });
  try {
    await admin.createTopics({
      // Its own waiting trips over a topic that not every broker knows yet.
      waitForLeaders: false,
      topics: TOPICS.map((topic) => ({
        topic: ctx.prefix + topic.name,
        numPartitions: topic.partitions,
        configEntries: [{ name: 'cleanup.policy', value: topic.compacted ? 'compact' : 'delete' }],
      })),
    });
    for (const topic of TOPICS) await requirePartitions(admin, ctx, topic);
  } finally {
    await admin.disconnect();
  }
}

/** A healthy send takes milliseconds; one that takes this long may wait for a topic that is gone. */
const LATE_MS = 2_000;

/**
 * Waits for a send. A broker that lost its disk knows no topic, and everybody would wait for one for ever: while the send
 * is late, missing topics are made again.
 */
async function whileKeepingTopics(kafka: Kafka, ctx: KafkaContext, sending: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const keep = async () => {
    await ctx.wait(LATE_MS, over.signal);
    while (!over.signal.aborted) {
      await ensureTopics(kafka.admin(), ctx).catch((err) => ctx.log.warn({ err }, 'topics could not be looked after'));
      await ctx.wait(LATE_MS, over.signal);
    }
  };
  void keep();
  try {
    await sending;
  } finally {
    over.abort();
  }
}

/** Milliseconds between looks at a new topic's metadata, and how often. */
const SPREAD = { everyMs: 100, times: 100 };

async function requirePartitions(admin: Admin, ctx: KafkaContext, topic: Topic): Promise<void> {
  const name = ctx.prefix + topic.name;
  for (let look = 0; look < SPREAD.times; look += 1) {
    const found = await admin.fetchTopicMetadata({ topics: [name] }).catch(() => undefined);
    const partitions = found?.topics[0]?.partitions;
    if (partitions?.every(({ leader }) => leader >= 0)) {
      if (partitions.length === topic.partitions) return;
      throw new Error(`Topic ${name} has ${partitions.length} partitions but must have ${topic.partitions}`);
    }
    await ctx.wait(SPREAD.everyMs, new AbortController().signal);
  }
  throw new Error(`Topic ${name} has no leader for each of its partitions: is Kafka healthy?`);
}

interface Reading {
  readonly topic: Topic;
  readonly group: string;
  readonly handle: (batch: Batch) => Promise<void>;
}

async function startConsumer(kafka: Kafka, ctx: KafkaContext, reading: Reading): Promise<Subscription> {
  const consumer = kafka.consumer({
    groupId: ctx.prefix + reading.group + (ctx.store === undefined ? '' : `.${ctx.store}`),
    sessionTimeout: 6_000,
    heartbeatInterval: 1_000,
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
  await consumer.connect();
  await consumer.subscribe({ topic: ctx.prefix + reading.topic.name, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch(payload) {
      // Begun once stopping, a batch could not be committed any more.
      if (stopping.signal.aborted) return Promise.resolve();
      const work = takeBatch(payload);
      busy.add(work);
      return work.finally(() => busy.delete(work));
    },
  });
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.allSettled(busy);
      await consumer.disconnect();
      done.resolve();
    },
  };
}

function eachBatch(ctx: KafkaContext, reading: Reading, run: { consumer: Consumer; stopping: AbortSignal }) {
  const attempts = new Map<number, number>();
  return async ({ batch, resolveOffset, isRunning, isStale, pause }: EachBatchPayload): Promise<void> => {
    if (!isRunning() || isStale()) return;
    const { topic, partition } = batch;
    const messages = batch.messages.map(({ key, value }) => ({
      key: key?.toString() ?? '',
      value: value?.toString() ?? '',
    }));
    try {
      await reading.handle({ topic: reading.topic.name, partition, messages });
    } catch (error) {
      // Whatever it threw: out of here, a TypeError would stop kafkajs for good.
      const attempt = attempts.get(partition) ?? 0;
      attempts.set(partition, attempt + 1);
      ctx.log.error({ err: error, topic, partition, attempt }, 'batch failed, will be handed over again');
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

function logEntry(log: Logger, entry: { level: logLevel; log: { message: string } }): void {
  const { message, ...fields } = entry.log;
  if (entry.level === logLevel.ERROR) log.warn(fields, message);
  else log.debug(fields, message);
}
