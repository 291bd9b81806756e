import { POLICIES } from '#contracts/topics.ts';
import { PARTITIONS_AT_ONCE } from '#platform/events/kafka-consumer.ts';

/** Events of a batch: a little fewer than Kafka hands over of a partition when settlement is behind (handed-over.e2e.test.ts). */
export const BATCH = 1_000;
export const PARTITIONS: number = POLICIES.partitions;
/** The gate of whatever books. */
export const BOOKED = 'the books hold what the events come to: transactions, lines, premiums, commissions, balances';

/** Hands over the batches of all partitions as Kafka's consumer does: some partitions at once, each in its order. */
export async function handOver<Batch>(
  lanes: readonly (readonly Batch[])[],
  take: (batch: Batch) => Promise<void>,
): Promise<void> {
  const waiting = lanes.values();
  const workLanes = async (): Promise<void> => {
    for (const batches of waiting) for (const batch of batches) await take(batch);
  };
  await Promise.all(Array.from({ length: PARTITIONS_AT_ONCE }, workLanes));
}
