import type { Admin, Kafka } from 'kafkajs';

/** A topic and a group by their names on the broker. */
interface Asked {
  readonly topic: string;
  readonly groupId: string;
}

/** Asks brokers how far a group is behind, on a connection of its own. */
export interface KafkaLag extends AsyncDisposable {
  /** Records that the group has not committed, by partition. Rejects when the brokers do not say. */
  read(asked: Asked): Promise<ReadonlyMap<number, number>>;
}

/** `kafka` must be a client that gives up soon. After a failure the next call connects anew. */
export function openKafkaLag(kafka: Kafka): KafkaLag {
  let connected: Promise<Admin> | undefined;
  const connect = async () => {
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  };
  const leave = async () => {
    const admin = await connected?.catch(() => undefined);
    connected = undefined;
    await admin?.disconnect().catch(() => undefined);
  };
  return {
    async read(asked) {
      try {
        connected ??= connect();
        return await lagOf(await connected, asked);
      } catch (error) {
        await leave();
        throw error;
      }
    },
    [Symbol.asyncDispose]: leave,
  };
}

async function lagOf(admin: Admin, { topic, groupId }: Asked): Promise<ReadonlyMap<number, number>> {
  // One after the other: only the first learns which brokers there are (kafkajs 2.2.4).
  const written = await admin.fetchTopicOffsets(topic);
  const taken = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = new Map(taken[0]?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  return new Map(
    written.map(({ partition, high, low }) => {
      // A group that has committed nothing, -1, begins at what is kept.
      const next = Math.max(committed.get(partition) ?? -1, Number(low));
      return [partition, Math.max(0, Number(high) - next)];
    }),
  );
}
