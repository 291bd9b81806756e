import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { Logger } from '#platform/telemetry/log.ts';
import { ARRAY_TYPES } from './array-types.ts';
import { beginGuarded } from './begin-guarded.ts';
import { openSocket } from './open-socket.ts';
import { swallowLostTypes } from './swallow-lost-types.ts';
import { type PoolState, watchPool } from './watch-pool.ts';

export type Db = PostgresJsDatabase;
/** A transaction: what takes one cannot be called outside. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** A pool: `db` to build queries with, `sql` to run the hot ones prepared. */
export interface Postgres extends AsyncDisposable {
  readonly sql: Sql;
  readonly db: Db;
  /** How the pool stands now. */
  readonly pool: () => PoolState;
}

/** Milliseconds. No statement of ours takes seconds; one that does is stuck behind a lock or a lost client. */
const TIMEOUTS = { statement_timeout: 10_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 10_000 };

/** Opens a pool; the first query connects. Disposing waits up to 5 s for queries under way. */
export function openPostgres(options: { url: string; name: string; log: Logger; max?: number }): Postgres {
  const sql = postgres(options.url, {
    max: options.max ?? 8,
    idle_timeout: 60,
    connect_timeout: 5,
    backoff: (attempt: number) => Math.min(2, 0.05 * 2 ** attempt),
    connection: { application_name: options.name, ...TIMEOUTS },
    onnotice: (notice) => options.log.debug({ notice: notice['message'] }, 'postgres notice'),
    socket: openSocket,
    types: ARRAY_TYPES,
  } as postgres.Options<Record<string, never>>);
  swallowLostTypes(sql);
  sql.begin = beginGuarded(sql.begin);
  const pool = watchPool(sql);
  return { sql, db: drizzle(sql), pool, [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) };
}
