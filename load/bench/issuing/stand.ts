import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { provision } from '#platform/postgres/provision.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { freePort } from '../../../local/free-port.ts';
import { startPostgres } from '../../../local/postgres.ts';
import { type Child, startChild } from './child.ts';

/** A database that is provisioned as production is, with a partner and a table for used keys. */
export interface Database {
  readonly admin: Sql;
  url(role: 'core' | 'postgres'): string;
}

/** One Postgres, three databases in it, and the processes that sell into them. */
export interface Stand extends AsyncDisposable {
  readonly signal: AbortSignal;
  readonly hopKey: string;
  readonly core: Child & { readonly port: number; readonly database: Database };
  readonly naive: Child & { readonly port: number; readonly database: Database };
  /** Of pgbench. */
  readonly plain: Database;
  readonly buyer: Child;
}

const secret = () => randomBytes(32).toString('base64url');
const log = createLogger({ service: 'bench', region: 'msk', level: 'silent' });

/** What is committed is on disk (fsync), as in production; no checkpoint falls into one run and not into another. */
const SETTINGS = ['max_wal_size=8GB', 'checkpoint_timeout=1h'];

/** Starts all of it; disposing leaves nothing. */
export async function startStand(signal: AbortSignal): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(folder, 0o755);
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  const files = { dataDir: join(folder, 'data'), logFile: join(folder, 'postgres.log') };
  stack.use(await startPostgres({ ...files, port, password, settings: SETTINGS }));
  const open = async (name: string): Promise<Database> => {
    const url = (role: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${name}`;
    await provision(url('postgres'), { core: password, settlement: password, aggregator: password });
    const { sql } = stack.use(openPostgres({ url: url('postgres'), name: 'bench-admin', log, max: 1 }));
    await furnish(sql);
    return { admin: sql, url };
  };
  const keys = { HOP_KEY: secret(), OFFER_KEYS: `k1:${secret()}` };
  const start = async (file: string, database: Database) => {
    const env = { ...keys, REGION: 'msk', PORT: String(await freePort()), OPERATOR_TOKEN: secret() };
    const child = stack.use(await startChild(file, { env: { ...env, DATABASE_URL: database.url('core') }, signal }));
    return { ...child, database, port: Number(env.PORT) };
  };
  const core = await start('core-process.ts', await open('bench_core'));
  const naive = await start('naive-process.ts', await open('bench_naive'));
  const plain = await open('bench_plain');
  const buyer = stack.use(await startChild('buyer-process.ts', { env: { HOP_KEY: keys.HOP_KEY }, signal }));
  const owned = stack.move();
  return { signal, hopKey: keys.HOP_KEY, core, naive, plain, buyer, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function furnish(sql: Sql): Promise<void> {
  await sql`insert into core.partners (id, name, limit_per_second, commission_rate_bps, key_digests)
    values ('alfa', 'Alfa', 1000, 500, array[repeat('a', 64)])`;
  await sql`create table core.used_keys (partner_id text not null, idempotency_key text not null,
    body_digest text not null, policy_id text not null, used_at timestamptz not null,
    primary key (partner_id, idempotency_key))`;
  await sql`grant select, insert on core.used_keys to core`;
  // Enabled for the measurement without events: the statement is the same, its events are dropped.
  await sql`create function core.drop_event() returns trigger language plpgsql as 'begin return null; end'`;
  await sql`create trigger drop_event before insert on core.outbox for each row execute function core.drop_event()`;
  await sql`alter table core.outbox disable trigger drop_event`;
}
