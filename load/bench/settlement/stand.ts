import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres, { type Sql } from 'postgres';
import { openPostgres, type Postgres } from '#platform/postgres/open-postgres.ts';
import { provision } from '#platform/postgres/provision.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { freePort } from '../../../local/free-port.ts';
import { startPostgres } from '../../../local/postgres.ts';

/** A database that is provisioned as production is, and empty. Disposing drops it. */
export interface Database extends AsyncDisposable, Pick<Postgres, 'sql' | 'db'> {
  /** Of settlement's role. */
  readonly url: string;
  /** Owner of the tables, with none of a service's limits: what it does around the measurement takes minutes. */
  readonly admin: Sql;
}

/** A Postgres of one's own; disposing leaves nothing of it. */
export interface Stand extends AsyncDisposable {
  /** Another database in it. */
  open(): Promise<Database>;
}

const log = createLogger({ service: 'bench', region: 'msk', level: 'silent' });

/** What is committed is on disk (fsync), as in production; a server's memory; no checkpoint falls into one run and not into another. */
const SETTINGS = ['shared_buffers=1GB', 'max_wal_size=16GB', 'checkpoint_timeout=1h'];

/** Starts it in a temporary folder. */
export async function startStand(): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(folder, 0o755);
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  const files = { dataDir: join(folder, 'data'), logFile: join(folder, 'postgres.log') };
  stack.use(await startPostgres({ ...files, port, password, settings: SETTINGS }));
  const urlOf = (role: string, name: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${name}`;
  const cluster = postgres(urlOf('postgres', 'postgres'), { max: 1, onnotice: () => undefined });
  stack.defer(() => cluster.end({ timeout: 1 }));
  let opened = 0;
  const owned = stack.move();
  return {
    async open() {
      opened += 1;
      const name = `bench_${opened}`;
      await using parts = new AsyncDisposableStack();
      const [url, adminUrl] = [urlOf('settlement', name), urlOf('postgres', name)];
      await provision(adminUrl, { core: password, settlement: password, aggregator: password });
      parts.defer(() => cluster`drop database ${cluster(name)} with (force)`.then(() => undefined));
      const { sql, db } = parts.use(openPostgres({ url, name: 'bench', log }));
      const admin = postgres(adminUrl, { max: 2, onnotice: () => undefined });
      parts.defer(() => admin.end({ timeout: 1 }));
      const kept = parts.move();
      return { url, sql, db, admin, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
