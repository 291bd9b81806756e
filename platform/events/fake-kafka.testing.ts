import type { ConsumerRunConfig, EachBatchPayload, EachMessagePayload, KafkaMessage, ProducerRecord } from 'kafkajs';

interface Written {
  readonly key: string;
  readonly value: string;
}

/** One broker of one partition, 0 of each topic; it outlives the clients that connect to it. */
class FakeBroker {
  readonly log: Written[] = [];
  /** The offset that the group goes on from after a restart. */
  committed = 0;
  /** What those wait for who asked for an acknowledgement of all replicas. */
  replicated: Promise<void> = Promise.resolve();
  grown = Promise.withResolvers<void>();

  append(records: readonly Written[]): void {
    this.log.push(...records);
    this.grown.resolve();
    this.grown = Promise.withResolvers();
  }
}

/** Brokers by address. */
const brokers = new Map<string, FakeBroker>();
export function brokerAt(address: string): FakeBroker {
  const broker = brokers.get(address) ?? new FakeBroker();
  brokers.set(address, broker);
  return broker;
}

/**
 * As much of kafkajs as a transport calls, with what matters here as kafkajs 2.2.4 has it: `acks` decides whether a send
 * waits for replicas; `autoCommit` and `eachBatchAutoResolve` are on unless said otherwise; a handler that rejects is
 * handed the same records again.
 */
export class FakeKafka {
  readonly #broker: FakeBroker;
  constructor(config: { brokers: string[] }) {
    this.#broker = brokerAt(config.brokers[0] ?? '');
  }

  admin() {
    const leaders = (name: string) =>
      Array.from({ length: name.startsWith('policies') ? 12 : 4 }, () => ({ leader: 1 }));
    return {
      connect: async () => undefined,
      createTopics: async () => true,
      fetchTopicMetadata: async ({ topics }: { topics: string[] }) => ({
        topics: topics.map((name) => ({ name, partitions: leaders(name) })),
      }),
      disconnect: async () => undefined,
    };
  }

  producer() {
    const broker = this.#broker;
    return {
      connect: async () => undefined,
      async send({ acks = -1, messages }: ProducerRecord) {
        const written = broker.replicated.then(() =>
          broker.append(messages.map(({ key, value }) => ({ key: String(key), value: String(value) }))),
        );
        written.catch(() => undefined);
        if (acks === -1) await written;
      },
      disconnect: async () => undefined,
    };
  }

  consumer() {
    return new FakeConsumer(this.#broker);
  }
}

class FakeConsumer {
  readonly events = { CRASH: 'consumer.crash' };
  readonly #broker: FakeBroker;
  #running = false;
  #paused: Promise<void> = Promise.resolve();
  #handling: Promise<unknown> = Promise.resolve();
  constructor(broker: FakeBroker) {
    this.#broker = broker;
  }

  on() {
    return () => undefined;
  }
  async connect() {}
  async subscribe() {}
  async commitOffsets([to]: { offset: string }[]) {
    this.#broker.committed = Number(to?.offset);
  }
  /** Lets the handler under way finish, and what follows of it be committed. */
  async disconnect() {
    this.#running = false;
    await this.#handling;
  }
  async run(config: ConsumerRunConfig) {
    this.#running = true;
    void this.#fetch(config);
  }

  async #fetch(config: ConsumerRunConfig): Promise<void> {
    let next = this.#broker.committed;
    while (this.#running) {
      await this.#paused;
      const { grown, log } = this.#broker;
      if (next >= log.length) await grown.promise;
      else if (this.#running) {
        const handling = this.#handOver(config, { topic: 'policies.v1', from: next, to: log.length });
        this.#handling = handling;
        next = await handling;
      }
    }
  }

  /** Answers the offset to go on from. */
  async #handOver(config: ConsumerRunConfig, read: { topic: string; from: number; to: number }): Promise<number> {
    let resolved = read.from;
    const resolve = (offset: string) => {
      resolved = Number(offset) + 1;
    };
    const messages = this.#broker.log.slice(read.from, read.to).map(toMessage(read.from));
    try {
      if (config.eachBatch) {
        await config.eachBatch(this.#payload(read, { messages, resolve }));
        if (config.eachBatchAutoResolve ?? true) resolved = read.to;
      }
      for (const message of config.eachMessage ? messages : []) {
        await config.eachMessage?.({ topic: read.topic, partition: 0, message } as EachMessagePayload);
        resolve(message.offset);
      }
    } catch {
      // kafkajs would take the batch again, from what was resolved.
    }
    if (config.autoCommit ?? true) this.#broker.committed = resolved;
    return resolved;
  }

  #payload(
    read: { topic: string; to: number },
    { messages, resolve }: { messages: readonly KafkaMessage[]; resolve: (offset: string) => void },
  ): EachBatchPayload {
    return {
      batch: { topic: read.topic, partition: 0, messages, lastOffset: () => String(read.to - 1) },
      resolveOffset: resolve,
      heartbeat: async () => undefined,
      isRunning: () => this.#running,
      isStale: () => false,
      pause: () => {
        const paused = Promise.withResolvers<void>();
        this.#paused = paused.promise;
        return paused.resolve;
      },
    } as unknown as EachBatchPayload;
  }
}

const toMessage =
  (from: number) =>
  ({ key, value }: Written, index: number) =>
    ({ key: Buffer.from(key), value: Buffer.from(value), offset: String(from + index) }) as KafkaMessage;
