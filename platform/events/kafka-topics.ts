import type { Admin, Kafka } from 'kafkajs';
import { TOPICS, type Topic } from '#contracts/topics.ts';
import type { KafkaContext } from './kafka.ts';

/** The brokers were reached and have a topic that is cut otherwise: no waiting mends that. */
export class WrongTopic extends Error {}

/** Makes the topics that are missing. Rejects when the brokers cannot be reached, with WrongTopic when a topic has another number of partitions. */
export async function ensureTopics(admin: Admin, ctx: KafkaContext): Promise<void> {
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

/** Milliseconds between looks at a new topic's metadata, and how often. */
const SPREAD = { everyMs: 100, times: 100 };

async function requirePartitions(admin: Admin, ctx: KafkaContext, topic: Topic): Promise<void> {
  const name = ctx.prefix + topic.name;
  for (let look = 0; look < SPREAD.times; look += 1) {
    const found = await admin.fetchTopicMetadata({ topics: [name] }).catch(() => undefined);
    const partitions = found?.topics[0]?.partitions;
    if (partitions?.every(({ leader }) => leader >= 0)) {
      if (partitions.length === topic.partitions) return;
      throw new WrongTopic(`Topic ${name} has ${partitions.length} partitions but must have ${topic.partitions}`);
    }
    await ctx.wait(SPREAD.everyMs, new AbortController().signal);
  }
  throw new Error(`Topic ${name} has no leader for each of its partitions: is Kafka healthy?`);
}

/** A healthy send takes milliseconds; one that takes this long may wait for a topic that is gone. */
const LATE_MS = 2_000;

/**
 * Waits for a send. A broker that lost its disk knows no topic, and everybody would wait for one for ever: while the send
 * is late, missing topics are made again.
 */
export async function whileKeepingTopics(kafka: Kafka, ctx: KafkaContext, sending: Promise<unknown>): Promise<void> {
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
