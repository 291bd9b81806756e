import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from '../../local/free-port.ts';
import { startPostgres } from '../../local/postgres.ts';

/** A database, provisioned as production is. Disposing drops it. */
export interface AttackedDatabase extends AsyncDisposable {
  /** Owns the tables. */
  readonly admin: Sql;
  url(role: 'core' | 'settlement'): string;
}

/** A throw-away Postgres, and a folder for what its processes write. */
export interface Stand extends AsyncDisposable {
  readonly folder: string;
  createDatabase(): Promise<AttackedDatabase>;
}

/** What is killed here is never Postgres: without fsync the same transactions come faster. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'deadlock_timeout=100ms'];

export async function startStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-adversary-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(folder, 0o755);
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  const logFile = join(folder, 'postgres.log');
  stack.use(await startPostgres({ dataDir: join(folder, 'data'), port, password, logFile, settings: SETTINGS }));
  const url = (role: string, database: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
  const as = (database: string) => postgres(url('postgres', database), { max: 4, onnotice: () => undefined });
  const passwords = { core: password, settlement: password, aggregator: password };
  await provision(url('postgres', 'pristine'), passwords);
  const cluster = as('postgres');
  stack.defer(() => cluster.end({ timeout: 1 }));
  let made = 0;
  const owned = stack.move();
  return {
    folder,
    async createDatabase() {
      made += 1;
      const name = `attacked_${made}`;
      await cluster`create database ${cluster(name)} template pristine`;
      const admin = as(name);
      return {
        admin,
        url: (role) => url(role, name),
        async [Symbol.asyncDispose]() {
          await admin.end({ timeout: 1 });
          await cluster`drop database ${cluster(name)} with (force)`;
        },
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
