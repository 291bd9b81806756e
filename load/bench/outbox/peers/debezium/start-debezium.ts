import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { POLICIES } from '#contracts/topics.ts';
import { fetchMaven } from '../../../fetch-maven.ts';
import { DEBEZIUM } from '../../../peer-versions.ts';
import type { Server } from '../../stand.ts';

const ARTIFACTS = [
  `io.debezium:debezium-embedded:${DEBEZIUM}`,
  `io.debezium:debezium-connector-postgres:${DEBEZIUM}`,
  'org.slf4j:slf4j-simple:1.7.36',
];

/** Where it reads: a slot of its own and a publication of the outbox as one table. */
export interface Source {
  readonly slot: string;
  readonly publication: string;
}

/** The engine in a JVM of its own, which stays: what is measured is a warm one. */
export interface Debezium extends AsyncDisposable {
  /** Streams so many events from the slot into Kafka; ms from its first poll to the last acknowledgement. */
  stream(count: number): Promise<number>;
}

/** Tuned: large batches and queues, polls each millisecond, and no snapshot, as the slot has all. */
const connectorOf = ({ port, password, database }: Server, { slot, publication }: Source) => ({
  name: 'bench',
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'topic.prefix': 'bench',
  'database.hostname': '127.0.0.1',
  'database.port': port,
  'database.user': 'postgres',
  'database.password': password,
  'database.dbname': database,
  'plugin.name': 'pgoutput',
  'slot.name': slot,
  'publication.name': publication,
  'publication.autocreate.mode': 'disabled',
  'table.include.list': 'core.outbox',
  'snapshot.mode': 'no_data',
  'offset.storage': 'org.apache.kafka.connect.storage.MemoryOffsetBackingStore',
  'offset.flush.interval.ms': 1_000,
  'max.batch.size': 8_192,
  'max.queue.size': 32_768,
  'poll.interval.ms': 1,
});

/** Durable as the relay's sends are, and tuned: large batches, filled for up to 5 ms. */
const producerOf = (broker: string) => ({
  'bootstrap.servers': broker,
  acks: 'all',
  'linger.ms': 5,
  'batch.size': 512 * 1_024,
  'buffer.memory': 64 * 1_024 * 1_024,
});

const properties = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Starts the JVM. Rejects with a sentence when there is no Maven, or a Java that compiles. */
export async function startDebezium(
  at: { server: Server; broker: string; folder: string; signal: AbortSignal },
  source: Source,
): Promise<Debezium> {
  const classPath = await fetchMaven(`debezium-${DEBEZIUM}`, ARTIFACTS);
  const files = {
    connector: join(at.folder, 'connector.properties'),
    producer: join(at.folder, 'producer.properties'),
  };
  await writeFile(files.connector, properties(connectorOf(at.server, source)));
  await writeFile(files.producer, properties(producerOf(at.broker)));
  const program = join(import.meta.dirname, 'Stream.java');
  const flags = ['-Xmx1g', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath];
  const child = spawn('java', [...flags, program, files.connector, files.producer, POLICIES.name]);
  let words = '';
  child.stderr.on('data', (chunk) => (words = `${words}${chunk}`.slice(-2_000)));
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Debezium ended with code ${code}: ${words.trim()}`);
  });
  ended.catch(() => undefined);
  const answer = async (): Promise<string> => {
    const [line] = await Promise.race([once(lines, 'line', { signal: at.signal }), ended]);
    return line;
  };
  const stop = async () => {
    child.stdin.end();
    child.kill('SIGTERM');
    await ended.catch(() => undefined);
  };
  await answer().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    async stream(count) {
      const answered = answer();
      child.stdin.write(`${count}\n`);
      return Number(await answered);
    },
    [Symbol.asyncDispose]: stop,
  };
}
