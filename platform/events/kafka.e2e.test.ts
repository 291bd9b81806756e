import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import { freePort } from '../../local/free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from '../../local/kafka.ts';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { createKafkaTransport } from './kafka.ts';
import { describeTransport } from './transport.conformance.ts';

const runs = requireOrSkip('Conformance on a real Kafka', await missingForKafka());

describe.runIf(runs)('real Kafka 4', () => {
  let broker: Awaited<ReturnType<typeof startKafka>>;
  let port: number;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'insuretech-kafka-'));
    port = await freePort(KAFKA_PORTS);
    broker = await startKafka({ dir, port });
    broker.done.catch(() => undefined);
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  describeTransport('kafka', (bus) =>
    createKafkaTransport({
      brokers: [`127.0.0.1:${port}`],
      prefix: `${bus.slice(0, 8)}.`,
      clientId: 'conformance',
      log: pino({ level: 'silent' }),
      wait,
    }),
  );
});
