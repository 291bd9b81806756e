import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import { createKafkaTransport } from '#platform/events/kafka.ts';
import type { EventTransport } from '#platform/events/transport.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { provision } from '#platform/postgres/provision.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { freePort } from '../../../local/free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from '../../../local/kafka.ts';
import { startPostgres } from '../../../local/postgres.ts';

/** Where Postgres listens, on 127.0.0.1. */
export interface Server {
  readonly port: number;
  readonly password: string;
  readonly database: string;
}

/** A Postgres and a Kafka of one's own, as production has them: what is committed is on disk. Disposing leaves nothing. */
export interface Stand extends AsyncDisposable {
  /** Core's role, and the owner of the tables. */
  readonly sql: Sql;
  readonly admin: Sql;
  /** `host:port` of the broker, if there is one. */
  readonly broker: string;
  /** Of Postgres, for what comes with a client of its own; its account `postgres` may do all. */
  readonly server: Server;
  /** For what is written on the way. */
  readonly folder: string;
  readonly open: () => ReturnType<typeof openOutbox>;
  connect(clientId: string): Promise<EventTransport>;
}

const log = createLogger({ service: 'bench', region: 'msk', level: 'silent' });

// A server's, where npm start takes a laptop's 64 MB.
const SETTINGS = ['shared_buffers=1GB', 'max_wal_size=8GB'];
const DATABASE = 'bench';

/** Starts both, Postgres with these settings more. Throws a sentence when Java or Maven is missing. */
export async function startStand(more: readonly string[] = []): Promise<Stand> {
  const missing = await missingForKafka();
  if (missing) throw new Error(missing);
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(folder, 0o755);
  const password = randomBytes(16).toString('hex');
  const port = await freePort();
  const settings = [...SETTINGS, ...more];
  const cluster = { dataDir: join(folder, 'data'), port, password, logFile: join(folder, 'postgres.log'), settings };
  stack.use(await startPostgres(cluster));
  const url = (role: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
  await provision(url('postgres'), { core: password, settlement: password, aggregator: password });
  const kafkaPort = await freePort(KAFKA_PORTS);
  const kafka = stack.use(await startKafka({ dir: join(folder, 'kafka'), port: kafkaPort }));
  kafka.done.catch(() => undefined);
  const broker = `127.0.0.1:${kafkaPort}`;
  const { sql } = stack.use(openPostgres({ url: url('core'), name: 'bench', log }));
  // Without the limits of a service: what it does for the measurement takes minutes.
  const admin = postgres(url('postgres'), { max: 2, onnotice: () => undefined });
  stack.defer(() => admin.end({ timeout: 1 }));
  const owned = stack.move();
  return {
    sql,
    admin,
    broker,
    server: { port, password, database: DATABASE },
    folder,
    open: () => openOutbox(sql, { schema: 'core', region: 'msk' }),
    connect: (clientId) => createKafkaTransport({ brokers: [broker], prefix: '', clientId, log, wait }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The data of an issued policy, as long as they are. */
export const DATA = JSON.stringify({
  policyId: 'msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a',
  number: 'MSK-0000001001',
  insurer: 'volga',
  product: 'osago',
  tariffVersion: 4,
  issuedAt: '2026-11-22T10:00:00.000Z',
  startsOn: '2026-12-01',
  endsOn: '2027-11-30',
  premium: { amountMinor: 1_234_567, currency: 'RUB' },
  commission: { rateBps: 1_500, amount: { amountMinor: 185_185, currency: 'RUB' } },
  partner: { id: 'alfa', commission: { rateBps: 500, amount: { amountMinor: 61_728, currency: 'RUB' } } },
});

/** Rows of one statement: more would take longer than the pool lets one. */
const ROWS = 50_000;

/** Appends events, evenly over the partitions, a policy each. */
export async function append(sql: Sql, count: number): Promise<void> {
  for (let left = count; left > 0; left -= ROWS) {
    await sql`
      insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, traceparent, data)
      select n % ${POLICIES.partitions}, 'msk-' || id, id, 'msk-' || id, 1, 'policy.issued.v1', now(),
        '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', ${DATA}
      from (select n, gen_random_uuid() as id from generate_series(1, ${Math.min(left, ROWS)}::int) as n) as made`;
  }
}
