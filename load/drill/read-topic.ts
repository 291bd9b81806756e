import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import type { TopicRecord } from './evidence.ts';

const client = (brokers: string) =>
  new Kafka({
    brokers: [brokers],
    clientId: 'drill',
    logLevel: logLevel.NOTHING,
    retry: { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 },
  });

/** How many records each partition of `policies.v1` has, by its number. */
export async function countRecords(brokers: string): Promise<Map<number, number>> {
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(POLICIES.name);
    return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  } finally {
    await admin.disconnect();
  }
}

/** How far the group of settlement says that it has read, by partition. */
export async function readOffsets(brokers: string): Promise<Map<number, number>> {
  const admin = client(brokers).admin();
  await admin.connect();
  try {
    const [found] = await admin.fetchOffsets({ groupId: POLICIES.groups[0], topics: [POLICIES.name] });
    return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]));
  } finally {
    await admin.disconnect();
  }
}

/** The state of settlement's group, as the broker says: `Stable`, `PreparingRebalance`, ... */
export async function watchGroup(brokers: string): Promise<{ state(): Promise<string> } & AsyncDisposable> {
  const admin = client(brokers).admin();
  await admin.connect();
  return {
    async state() {
      const { groups } = await admin.describeGroups([POLICIES.groups[0]]);
      return groups[0]?.state ?? 'none';
    },
    [Symbol.asyncDispose]: () => admin.disconnect(),
  };
}

/** Every record of `policies.v1`, partition by partition in order, read by a reader of the drill's own. */
export async function readTopic(brokers: string): Promise<TopicRecord[]> {
  const wanted = await countRecords(brokers);
  const records: TopicRecord[] = [];
  const consumer = client(brokers).consumer({ groupId: `drill-${randomUUID()}`, maxWaitTimeInMs: 50 });
  const missing = new Set([...wanted].filter(([, count]) => count > 0).map(([partition]) => partition));
  const complete = Promise.withResolvers<void>();
  if (missing.size === 0) return records;
  consumer.on(consumer.events.CRASH, ({ payload }) => complete.reject(payload.error));
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: POLICIES.name, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      async eachMessage({ partition, message }) {
        if (Number(message.offset) < (wanted.get(partition) ?? 0))
          records.push(readRecord(partition, message.value?.toString() ?? ''));
        if (Number(message.offset) + 1 >= (wanted.get(partition) ?? 0)) missing.delete(partition);
        if (missing.size === 0) complete.resolve();
      },
    });
    await complete.promise;
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** A record as it lies in a partition. */
export function readRecord(foundIn: number, text: string): TopicRecord {
  const { type, eventId, aggregateId, aggregateVersion, ...event } = JSON.parse(text) as PolicyEvent | DayClosedEvent;
  const { partition, epoch, sequence, data } = event;
  const refundMinor = 'refund' in data ? data.refund.amountMinor : 0;
  const premiumMinor = 'premium' in data ? data.premium.amountMinor : 0;
  const place = { partition, foundIn, epoch, sequence };
  return { eventId, aggregateId, version: aggregateVersion, type, ...place, premiumMinor, refundMinor };
}
