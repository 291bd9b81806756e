import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import type { Logger } from '#platform/telemetry/log.ts';
import { openSocket } from './open-socket.ts';

export type Db = PostgresJsDatabase;
/** A transaction: what takes one cannot be called outside. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** A pool: `db` to build queries with, `sql` to run the hot ones prepared. */
export interface Postgres extends AsyncDisposable {
  readonly sql: Sql;
  readonly db: Db;
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
  } as postgres.Options<Record<string, never>>);
  sql.begin = withoutRollbackOfTheLost(sql.begin);
  return { sql, db: drizzle(sql), [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) };
}

/**
 * postgres 3.4.9 answers a failed transaction with a rollback, also on a connection that is gone: that ends the process
 * or spoils the pool. Once the connection is lost `begin` rejects by itself, so the work is then left without an end.
 */
function withoutRollbackOfTheLost(begin: Sql['begin']): Sql['begin'] {
  const guarded = (...args: [...unknown[], (tx: unknown) => unknown]) => {
    const work = args.pop() as (tx: unknown) => unknown;
    const rest = args as unknown[];
    return Reflect.apply(begin, undefined, [
      ...rest,
      async (tx: unknown) => {
        try {
          return await work(tx);
        } catch (error) {
          if (isLost(error)) return new Promise(() => undefined);
          throw error;
        }
      },
    ]);
  };
  return guarded as Sql['begin'];
}

/** Drizzle wraps what it throws. */
function isLost(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && (cause.code === 'CONNECTION_CLOSED' || cause.code === 'CONNECTION_DESTROYED')) return true;
  }
  return false;
}
