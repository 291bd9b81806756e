import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { createKafkaTransport } from '#platform/events/kafka.ts';
import { PARTITIONS_AT_ONCE } from '#platform/events/kafka-consumer.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { freePort } from '../../../local/free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from '../../../local/kafka.ts';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import { BATCH, PARTITIONS } from './handed-over.ts';
import { createStream } from './stream.ts';

const runs = requireOrSkip('What Kafka hands over', await missingForKafka());
/** Sends of the relay's: a page of 500 is dealt out over the partitions. */
const SENDS = 100;
const OF_A_PARTITION = Math.floor(500 / PARTITIONS);

it.runIf(runs)(
  'R13 settlement that is behind is handed batches as large as are measured, and as many at once',
  async () => {
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-kafka-'));
    const port = await freePort(KAFKA_PORTS);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(dir, { recursive: true, force: true }));
    const broker = stack.use(await startKafka({ dir, port }));
    broker.done.catch(() => undefined);
    const log = pino({ level: 'silent' });
    const brokers = [`127.0.0.1:${port}`];
    const events = stack.use(await createKafkaTransport({ brokers, prefix: '', clientId: 'behind', log, wait }));
    const { lanes, ...work } = createStream().next({ lanes: PARTITIONS, batches: SENDS, size: OF_A_PARTITION });
    for (let send = 0; send < SENDS; send += 1) {
      const page = lanes.flatMap(
        (batches, partition) => batches[send]?.messages.map((one) => ({ ...one, partition })) ?? [],
      );
      await events.publish(POLICIES, page, AbortSignal.any([]));
    }

    const sizes: number[] = [];
    const [together, all] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let [taken, underWay, most] = [0, 0, 0];
    const reading = stack.use(
      await events.subscribe(POLICIES, 'ins-comp-settlement', async ({ messages }) => {
        sizes.push(messages.length);
        taken += messages.length;
        underWay += 1;
        most = Math.max(most, underWay);
        if (underWay === PARTITIONS_AT_ONCE) together.resolve();
        await together.promise;
        underWay -= 1;
        if (taken === work.events) all.resolve();
      }),
    );
    reading.done.catch(all.reject);
    await all.promise;

    expect(most).toBe(PARTITIONS_AT_ONCE);
    // The last of each partition is what is left of it.
    const full = sizes.toSorted((a, b) => b - a).slice(0, 2 * PARTITIONS);
    expect(Math.min(...full)).toBeGreaterThanOrEqual(BATCH);
    expect(Math.max(...full)).toBeLessThan(1.25 * BATCH);
  },
);
