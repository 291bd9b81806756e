import postgres, { type Sql } from 'postgres';
import { openSocket } from '#platform/postgres/open-socket.ts';

/** One connection as the administrator. Disposing ends it. */
export interface Admin extends AsyncDisposable {
  readonly sql: Sql;
}

/**
 * Opens a connection that a kill of Postgres may cut at any moment. It does not ask for the array types: in postgres 3.4.9
 * a connection lost while it does, and refused when it tries again, rejects a promise that nobody can catch.
 */
export function openAdmin(url: string): Admin {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => undefined,
    socket: openSocket,
  } as postgres.Options<Record<string, never>>);
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
}
