import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { POLICIES } from '#contracts/topics.ts';

/** What a message says of its event. */
export interface Sent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
}

const clientOf = (broker: string) =>
  new Kafka({ brokers: [broker], clientId: 'bench-reader', logLevel: logLevel.NOTHING });

/** Forgets all that is in the topic: what is read back afterwards is of one measurement. */
export async function forgetTopic(broker: string): Promise<void> {
  const admin = clientOf(broker).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(POLICIES.name);
    const partitions = offsets.filter(({ low, high }) => low !== high);
    if (partitions.length === 0) return;
    await admin.deleteTopicRecords({
      topic: POLICIES.name,
      partitions: partitions.map(({ partition, high }) => ({ partition, offset: high })),
    });
  } finally {
    await admin.disconnect();
  }
}

/** All that is in the topic, partition by partition in order. */
export async function readBack(broker: string): Promise<Sent[]> {
  const admin = clientOf(broker).admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(POLICIES.name).finally(() => admin.disconnect());
  const missing = new Map(
    offsets.filter(({ low, high }) => low !== high).map(({ partition, high }) => [partition, Number(high) - 1]),
  );
  const sent: Sent[] = [];
  if (missing.size === 0) return sent;
  const complete = Promise.withResolvers<void>();
  const consumer = clientOf(broker).consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 50 });
  consumer.on(consumer.events.CRASH, ({ payload }) => complete.reject(payload.error));
  await consumer.connect();
  try {
    await consumer.subscribe({ topic: POLICIES.name, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) {
          const { eventId, aggregateId, aggregateVersion } = JSON.parse(String(value)) as Sent;
          sent.push({ eventId, aggregateId, aggregateVersion });
        }
        if (Number(batch.lastOffset()) >= (missing.get(batch.partition) ?? 0)) missing.delete(batch.partition);
        if (missing.size === 0) complete.resolve();
      },
    });
    await complete.promise;
  } finally {
    await consumer.disconnect();
  }
  return sent;
}
