import type { Topic } from '#contracts/topics.ts';
import { abortable } from '#platform/lifecycle/abortable.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { traceIdOf } from './traceparent-of.ts';
import {
  type Batch,
  type MeasuredTransport,
  type OutgoingMessage,
  redeliveryDelayMs,
  type Subscription,
} from './transport.ts';

type Handle = (batch: Batch) => Promise<void>;

/** One group of one topic: its handler once subscribed, batches under way, and partitions' queues as promise chains. */
interface Channel {
  handler: PromiseWithResolvers<Handle>;
  subscribed: boolean;
  readonly busy: Set<Promise<void>>;
  readonly tails: Map<number, Promise<void>>;
  /** Records handed over and not handled, by partition. */
  readonly waiting: Map<number, number>;
}

const newChannel = (): Channel => ({
  handler: Promise.withResolvers(),
  subscribed: false,
  busy: new Set(),
  tails: new Map(),
  waiting: new Map(),
});

interface InProcessContext {
  readonly wait: Wait;
  /** `fields` names the trace of the first event of the batch, if it has one. */
  readonly logError: (error: unknown, message: string, fields: object) => void;
}

/**
 * The transport of a region that lives in one process. It keeps nothing: a publish resolves only after every group of
 * the topic has handled the messages, so what a crash cuts off is still unpublished in the outbox.
 */
export function createInProcessTransport(ctx: InProcessContext): MeasuredTransport {
  const channels = new Map<string, Channel>();
  const closing = new AbortController();
  const channelOf = (topic: Topic, group: string): Channel => {
    if (!topic.groups.includes(group))
      throw new Error(`Group "${group}" is not one of ${topic.name}'s: ${topic.groups.join(', ')}`);
    const name = `${topic.name}/${group}`;
    const channel = channels.get(name) ?? newChannel();
    channels.set(name, channel);
    return channel;
  };
  return {
    async publish(topic, messages, signal) {
      const until = AbortSignal.any([signal, closing.signal]);
      const batches = byPartition(topic, messages);
      const deliveries = topic.groups.flatMap((group) =>
        batches.map((batch) =>
          enqueue(channelOf(topic, group), batch, (channel) => deliver(ctx, channel, { batch, until })),
        ),
      );
      await Promise.all(deliveries);
    },
    async subscribe(topic, group, handle) {
      const channel = channelOf(topic, group);
      if (channel.subscribed) throw new Error(`Group "${group}" already reads ${topic.name} in this process`);
      channel.subscribed = true;
      channel.handler.resolve(handle);
      return subscription(channel);
    },
    async lag(topic, group) {
      const { waiting } = channelOf(topic, group);
      return new Map(
        Array.from({ length: topic.partitions }, (_, partition) => [partition, waiting.get(partition) ?? 0]),
      );
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The transport is closed'));
    },
  };
}

function byPartition(topic: Topic, messages: readonly OutgoingMessage[]): Batch[] {
  const groups = Map.groupBy(messages, (message) => message.partition);
  return [...groups].map(([partition, records]) => ({
    topic: topic.name,
    partition,
    messages: records.map(({ key, value }) => ({ key: key.toString(), value: value.toString() })),
  }));
}

function enqueue(channel: Channel, batch: Batch, work: (channel: Channel) => Promise<void>): Promise<void> {
  const { partition, messages } = batch;
  const wait = (change: number) => channel.waiting.set(partition, (channel.waiting.get(partition) ?? 0) + change);
  const before = channel.tails.get(partition) ?? Promise.resolve();
  wait(messages.length);
  const delivery = before.then(() => work(channel)).finally(() => wait(-messages.length));
  channel.tails.set(
    partition,
    delivery.catch(() => undefined),
  );
  return delivery;
}

async function deliver(
  ctx: InProcessContext,
  channel: Channel,
  job: { batch: Batch; until: AbortSignal },
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const handle = await abortable(channel.handler.promise, job.until);
    const work = handle(job.batch);
    channel.busy.add(work);
    try {
      return await work;
    } catch (error) {
      const { topic, partition, messages } = job.batch;
      const fields = traceIdOf(messages[0]?.value ?? '');
      ctx.logError(error, `batch of ${topic}/${partition} failed, will be handed over again`, fields);
    } finally {
      channel.busy.delete(work);
    }
    await ctx.wait(redeliveryDelayMs(attempt), job.until);
  }
}

function subscription(channel: Channel): Subscription {
  const done = Promise.withResolvers<void>();
  return {
    done: done.promise,
    async [Symbol.asyncDispose]() {
      channel.subscribed = false;
      channel.handler = Promise.withResolvers();
      await Promise.allSettled(channel.busy);
      done.resolve();
    },
  };
}
