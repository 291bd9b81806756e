import postgres, { type Sql } from 'postgres';
import { beginGuarded } from '#platform/postgres/begin-guarded.ts';
import { openSocket } from '#platform/postgres/open-socket.ts';

/** Milliseconds, as in the product. */
const TIMEOUTS = { statement_timeout: 10_000, lock_timeout: 5_000, idle_in_transaction_session_timeout: 10_000 };

/**
 * A pool as openPostgres makes it, without Drizzle: that is four fifths of the time that a process takes to start, and here
 * they do nothing as often as that.
 */
export function openPool(url: string, { name, max }: { name: string; max: number }): Sql {
  const sql = postgres(url, {
    max,
    connect_timeout: 5,
    backoff: () => 0.1,
    connection: { application_name: name, ...TIMEOUTS },
    onnotice: () => undefined,
    socket: openSocket,
  } as postgres.Options<Record<string, never>>);
  sql.begin = beginGuarded(sql.begin);
  return sql;
}
