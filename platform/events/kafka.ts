import { Kafka, type KafkaConfig, logLevel, Partitioners, type Producer } from 'kafkajs';
import { abortable } from '#platform/lifecycle/abortable.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import { brokerSockets } from './broker-socket.ts';
import { startConsumer } from './kafka-consumer.ts';
import { openKafkaLag } from './kafka-lag.ts';
import { ensureTopics, WrongTopic, whileKeepingTopics } from './kafka-topics.ts';
import type { MeasuredTransport } from './transport.ts';

/** All that the transport may touch. */
export interface KafkaContext {
  readonly brokers: readonly string[];
  /** Before every topic and group name; empty where a region has its own broker. */
  readonly prefix: string;
  readonly clientId: string;
  /** Names the store that this service's groups fill: with another store they read each topic from its beginning. */
  readonly store?: string | undefined;
  readonly log: Logger;
  readonly wait: Wait;
}

/** kafkajs gives up after 6 to 22 s by default; with these a restarted broker is met again within a second. */
export const RETRY = { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 };

/** No answer takes longer, ms: a minute for a group to gather, and 5 s that kafkajs adds. */
const SILENT_MS = 70_000;
/** Milliseconds between attempts to reach brokers that were away at the start. */
const REACH_MS = 500;
const REQUEST_MS = 3_000;
/** For what is tried again later, or not at all: the other's patience, half a minute, would be spent on every attempt. */
const IMPATIENT = { retry: { retries: 0 }, requestTimeout: REQUEST_MS };

/**
 * The transport over a real Kafka, through kafkajs. acks -1 and not idempotent: its idempotent producer loses
 * acknowledged messages when sends overlap, and consumers deduplicate in any case. Creates missing topics, and rejects when
 * one has another number of partitions. Brokers that are away are no reason not to start: what is sent and read waits for
 * them, all else goes on.
 */
export async function createKafkaTransport(ctx: KafkaContext): Promise<MeasuredTransport> {
  const kafka = clientOf(ctx, { retry: RETRY });
  const producer = kafka.producer({ idempotent: false, createPartitioner: Partitioners.DefaultPartitioner });
  const behind = openKafkaLag(clientOf(ctx, IMPATIENT));
  const closing = new AbortController();
  const reached = await reach(ctx, { producer, closing: closing.signal });
  return {
    async publish(topic, messages, signal) {
      await abortable(reached.promise, AbortSignal.any([signal, closing.signal]));
      const sending = producer.send({ topic: ctx.prefix + topic.name, acks: -1, messages: [...messages] });
      await whileKeepingTopics(kafka, ctx, sending);
    },
    async subscribe(topic, group, handle) {
      if (!topic.groups.includes(group))
        throw new Error(`Group "${group}" is not one of ${topic.name}'s: ${topic.groups.join(', ')}`);
      return startConsumer(kafka, ctx, { topic, group, handle }, reached.promise);
    },
    lag: (topic, group) => behind.read({ topic: ctx.prefix + topic.name, groupId: groupIdOf(ctx, group) }),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The transport is closed'));
      await behind[Symbol.asyncDispose]();
      await producer.disconnect();
    },
  };
}

/** A group's name on the broker. */
export const groupIdOf = ({ prefix, store }: Pick<KafkaContext, 'prefix' | 'store'>, group: string): string =>
  prefix + group + (store === undefined ? '' : `.${store}`);

const clientOf = (ctx: KafkaContext, options: Pick<KafkaConfig, 'retry' | 'requestTimeout'>): Kafka =>
  new Kafka({
    ...options,
    brokers: [...ctx.brokers],
    clientId: ctx.clientId,
    socketFactory: brokerSockets(SILENT_MS),
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logEntry(ctx.log, entry),
  });

/** Tries once, and then on behind the caller's back until it succeeds. Rejects with WrongTopic, at once or behind. */
async function reach(
  ctx: KafkaContext,
  { producer, closing }: { producer: Producer; closing: AbortSignal },
): Promise<{ readonly promise: Promise<void> }> {
  const impatient = clientOf(ctx, IMPATIENT);
  const attempt = async () => {
    await ensureTopics(impatient.admin(), ctx);
    await producer.connect();
  };
  const tryOn = async (failure: unknown): Promise<void> => {
    if (failure instanceof WrongTopic) throw failure;
    ctx.log.error({ err: failure }, 'Kafka cannot be used yet, will try again');
    await ctx.wait(REACH_MS, closing);
    closing.throwIfAborted();
    return attempt().catch(tryOn);
  };
  try {
    await attempt();
    return { promise: Promise.resolve() };
  } catch (failure) {
    if (failure instanceof WrongTopic) throw failure;
    const promise = tryOn(failure);
    promise.catch(() => undefined);
    return { promise };
  }
}

function logEntry(log: Logger, entry: { level: logLevel; log: { message: string } }): void {
  const { message, ...fields } = entry.log;
  if (entry.level === logLevel.ERROR) log.warn(fields, message);
  else log.debug(fields, message);
}
