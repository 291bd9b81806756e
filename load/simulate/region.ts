import { Registry } from 'prom-client';
import type { Topic } from '#contracts/topics.ts';
import { type Relay, startRelay } from '#platform/outbox/relay.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { handleBatch } from '../../settlement/intake/handle-batch.ts';
import { createBooks } from './books/books.ts';
import { createLedger, type Ledger } from './books/ledger.ts';
import { type Broker, createBroker } from './broker/broker.ts';
import { startConsuming } from './broker/consume.ts';
import { createDatabase, type Database } from './database/database.ts';
import type { ModelSession } from './database/open-outbox.ts';
import { REGION } from './database/to-message.ts';
import { createHost, type Host } from './engine/host.ts';
import type { World } from './engine/world.ts';
import type { Parts } from './parts.ts';

/** How large a run is. */
export interface Size {
  readonly partitions: number;
  readonly pageRows: number;
  readonly batchRecords: number;
}

interface RelayProcess {
  readonly host: Host;
  readonly relay: Relay;
  /** The session that it opened last. */
  readonly session: () => ModelSession | undefined;
}

/** The real relay and the real intake, among models of all else. */
export interface Region {
  readonly database: Database;
  readonly broker: Broker;
  readonly ledger: Ledger;
  readonly relays: RelayProcess[];
  readonly consumers: Host[];
  startRelay(): void;
  startConsumer(): void;
  /** Tells one of the relays of a commit in a partition. */
  poke(partition: number): void;
}

const log = createLogger({ service: 'simulate', region: REGION, level: 'silent' });
const metrics = { countEvents: () => {}, countFailure: () => {} };

export function createRegion(world: World, { parts, size }: { parts: Parts; size: Size }): Region {
  const topic: Topic = { name: 'policies.v1', partitions: size.partitions, compacted: false, groups: ['settlement'] };
  const database = createDatabase(world);
  const broker = createBroker(world, size);
  const ledger = createLedger(world);
  const relays: RelayProcess[] = [];
  const consumers: Host[] = [];
  let started = 0;
  const begin = (kind: string) => {
    started += 1;
    const host = createHost(world, `${kind} ${started}`);
    world.trace(() => `${host.name} starts`);
    return host;
  };
  return {
    database,
    broker,
    ledger,
    relays,
    consumers,
    startRelay: () => void relays.push(runRelay(world, { host: begin('relay'), parts, size, topic, database, broker })),
    startConsumer() {
      const host = begin('consumer');
      const books = createBooks(world, { host, ledger, law: parts.law() });
      const handle = parts.handling((batch) => handleBatch({ region: REGION, books, metrics, log }, batch));
      const { batchRecords } = size;
      const commitsFirst = parts.commitsOffsetFirst;
      startConsuming(world, { host, broker, topic: topic.name, batchRecords, handle, commitsFirst });
      consumers.push(host);
    },
    poke(partition) {
      const poked = world.chance.pick(relays);
      poked?.host.run(() => poked.relay.poke(partition));
    },
  };
}

interface RelayOptions {
  readonly host: Host;
  readonly parts: Parts;
  readonly size: Size;
  readonly topic: Topic;
  readonly database: Database;
  readonly broker: Broker;
}

function runRelay(world: World, { host, parts, size, topic, database, broker }: RelayOptions): RelayProcess {
  const { statements } = parts;
  let session: ModelSession | undefined;
  const relay = startRelay({
    open() {
      session = parts.openOutbox(world, { host, database, statements, pageRows: size.pageRows });
      return session;
    },
    events: {
      publish: parts.createPublish(world, { host, broker }),
      subscribe: () => Promise.reject(new Error('A relay reads nothing')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    topic,
    wait: host.wait,
    now: world.clock.now,
    registry: new Registry(),
    logError: (error) => world.trace(() => `${host.name}: ${(error as Error).message}`),
  });
  return { host, relay, session: () => session };
}
