import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { brokerAt } from './fake-kafka.testing.ts';
import { createInProcessTransport } from './in-process.ts';
import { createKafkaTransport } from './kafka.ts';
import type { Batch, EventTransport, Subscription } from './transport.ts';

vi.mock('kafkajs', async (original) => {
  const { FakeKafka } = await import('./fake-kafka.testing.ts');
  return { ...(await original<typeof import('kafkajs')>()), Kafka: FakeKafka };
});

const GROUP = 'ins-comp-settlement';
const never = new AbortController().signal;
const record = (value: string) => ({ partition: 0, key: 'msk-a', value });

/** A transport, and how its records are lost before anybody has them for good. */
interface Bed {
  readonly events: EventTransport;
  readonly loseRecords: () => Promise<void>;
}

/** LAW: a publish whose records were lost is not acknowledged. */
async function tellsOfALoss({ events, loseRecords }: Bed): Promise<void> {
  const outcome = events.publish(POLICIES, [record('bought')], never).then(
    () => 'acknowledged',
    () => 'not known',
  );
  await loseRecords();
  expect(await outcome, 'a lost record was acknowledged').toBe('not known');
}

/** LAW: a record whose handling failed is handled by the consumer that is started next, before those behind it. */
async function handsOverAgain({ events }: Bed): Promise<void> {
  const failed = Promise.withResolvers<void>();
  const failing = await events.subscribe(POLICIES, GROUP, async () => {
    failed.resolve();
    throw new Error('the database is away');
  });
  const published = [events.publish(POLICIES, [record('bought')], never)];
  await failed.promise;
  await failing[Symbol.asyncDispose]();
  const handled: string[] = [];
  const marked = Promise.withResolvers<void>();
  await using _next = await events.subscribe(POLICIES, GROUP, async ({ messages }: Batch) => {
    handled.push(...messages.map(({ value }) => value));
    if (handled.includes('marker')) marked.resolve();
  });
  published.push(events.publish(POLICIES, [record('marker')], never));
  await Promise.all([marked.promise, ...published]);
  expect(handled, 'a record was acknowledged and not handled').toEqual(['bought', 'marker']);
}

const untilAborted: Wait = (_ms, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function inProcess(): Bed {
  const events = createInProcessTransport({ wait: async () => undefined, logError: () => undefined });
  return { events, loseRecords: () => Promise.resolve(events[Symbol.asyncDispose]()) };
}

/** The transport over Kafka, on a broker of its own. */
async function kafka() {
  const address = `${randomUUID()}.invalid:9092`;
  const broker = brokerAt(address);
  const replicated = Promise.withResolvers<void>();
  const events = await createKafkaTransport({
    brokers: [address],
    prefix: '',
    clientId: 'known-faults',
    log: pino({ level: 'silent' }),
    wait: untilAborted,
  });
  const client = new Kafka({ brokers: [address] });
  const bed: Bed = {
    events,
    loseRecords: async () => replicated.reject(new Error('the broker died before its replicas had the record')),
  };
  /** From here on records wait for replicas. */
  const holdReplicas = () => {
    broker.replicated = replicated.promise;
  };
  return { bed, client, holdReplicas };
}

async function kafkaThatHolds() {
  const { bed, client, holdReplicas } = await kafka();
  holdReplicas();
  return { bed, client };
}

type KafkaBed = Awaited<ReturnType<typeof kafka>>;
type Run = Parameters<ReturnType<Kafka['consumer']>['run']>[0];

/** The transport with consumers that run by another configuration. */
function consumingBy({ bed, client }: Pick<KafkaBed, 'bed' | 'client'>, run: (using: RunUsing) => Run): Bed {
  const subscribe = async (_topic: unknown, groupId: string, handle: Handle): Promise<Subscription> => {
    const consumer = client.consumer({ groupId });
    await consumer.run(run({ consumer, handle }));
    return { done: Promise.resolve(), [Symbol.asyncDispose]: () => consumer.disconnect() };
  };
  return { ...bed, events: { ...bed.events, subscribe } };
}

type Handle = (batch: Batch) => Promise<void>;
interface RunUsing {
  readonly consumer: ReturnType<Kafka['consumer']>;
  readonly handle: Handle;
}

describe('F8 producer without acknowledgement', () => {
  test('R2 the in-process transport keeps the law', () => tellsOfALoss(inProcess()));
  test('R2 the Kafka transport keeps the law', async () => tellsOfALoss((await kafkaThatHolds()).bed));

  test('R2 an in-process publish that waits for nobody is caught', async () => {
    const { events, loseRecords } = inProcess();
    const publish: EventTransport['publish'] = async (...args) => {
      events.publish(...args).catch(() => undefined);
    };
    await expect(tellsOfALoss({ events: { ...events, publish }, loseRecords })).rejects.toThrow(
      'a lost record was acknowledged',
    );
  });

  test('R2 a Kafka producer with acks 0 is caught', async () => {
    const { bed, client } = await kafkaThatHolds();
    const producer = client.producer();
    const publish: EventTransport['publish'] = async ({ name }, messages) => {
      await producer.send({ topic: name, acks: 0, messages: [...messages] });
    };
    await expect(tellsOfALoss({ ...bed, events: { ...bed.events, publish } })).rejects.toThrow(
      'a lost record was acknowledged',
    );
  });
});

describe('F2 a consumer that acknowledges after an exception', () => {
  test('R2 S3.2 the in-process transport keeps the law', () => handsOverAgain(inProcess()));
  test('R2 S3.2 the Kafka transport keeps the law', async () => handsOverAgain((await kafka()).bed));

  test('R2 S3.2 a consumer that commits its offsets in a `finally` is caught', async () => {
    const faulty = consumingBy(await kafka(), ({ consumer, handle }) => ({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages, lastOffset } }) => {
        const records = messages.map(({ key, value }) => ({ key: String(key), value: String(value) }));
        try {
          await handle({ topic, partition, messages: records });
        } finally {
          await consumer.commitOffsets([{ topic, partition, offset: String(Number(lastOffset()) + 1) }]);
        }
      },
    }));
    await expect(handsOverAgain(faulty)).rejects.toThrow('a record was acknowledged and not handled');
  });
});

describe('F7 auto-commit with a catch-all, so a database error loses a message', () => {
  test('R2 S3.2 both transports keep the law', async () => {
    await handsOverAgain(inProcess());
    await handsOverAgain((await kafka()).bed);
  });

  test('R2 S3.2 a consumer that logs what its handler throws, under auto-commit, is caught', async () => {
    const faulty = consumingBy(await kafka(), ({ handle }) => ({
      eachMessage: async ({ topic, partition, message: { key, value } }) => {
        try {
          await handle({ topic, partition, messages: [{ key: String(key), value: String(value) }] });
        } catch {
          // Here it would be logged.
        }
      },
    }));
    await expect(handsOverAgain(faulty)).rejects.toThrow('a record was acknowledged and not handled');
  });

  test('R2 S3.2 an in-process subscription with a catch-all around its handler is caught', async () => {
    const { events, loseRecords } = inProcess();
    const subscribe: EventTransport['subscribe'] = (topic, group, handle) =>
      events.subscribe(topic, group, (batch) => handle(batch).catch(() => undefined));
    await expect(handsOverAgain({ events: { ...events, subscribe }, loseRecords })).rejects.toThrow(
      'a record was acknowledged and not handled',
    );
  });
});
