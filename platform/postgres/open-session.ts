import postgres, { type Sql } from 'postgres';
import { ARRAY_TYPES } from './array-types.ts';
import { openSocket, refusedSocket } from './open-socket.ts';

/**
 * A connection of one's own, for locks that live as long as it does. `lost` aborts when it is gone, and they with it. From
 * then on every query is refused: on another connection it would be asked without the locks, and after a crash of Postgres
 * with snapshots of a server whose last transactions never were.
 */
export interface Session extends AsyncDisposable {
  readonly sql: Sql;
  readonly lost: AbortSignal;
}

/**
 * Opens a session beside `pool`, with its settings and what `settings` of Postgres differ; the first query connects. Disposing gives up its locks. Not by
 * `reserve()`: in postgres 3.4.9 a query on a reserved connection that has died throws where nothing can catch it, and
 * giving it back breaks the pool (porsager/postgres, issues 1208 and 1199).
 */
export function openSession(pool: Sql, settings: Readonly<Record<string, string>> = {}): Session {
  const lost = new AbortController();
  let made = false;
  const openOnce = (server: Parameters<typeof openSocket>[0]) => {
    if (made) return refusedSocket(new Error('The session with the database was lost'));
    made = true;
    return openSocket(server);
  };
  // Without `shared`, by which postgres.js would take these for options of the pool itself.
  const options = {
    ...pool.options,
    shared: undefined,
    socket: openOnce,
    types: ARRAY_TYPES,
    fetch_types: false,
  } as unknown as postgres.Options<Record<string, never>>;
  const sql = postgres({
    ...options,
    connection: { ...options.connection, ...settings },
    max: 1,
    idle_timeout: undefined,
    max_lifetime: null,
    onclose: () => lost.abort(new Error('The session with the database was lost')),
  });
  return {
    sql,
    lost: lost.signal,
    async [Symbol.asyncDispose]() {
      // Said, not left to the end of the connection: that the server notices later. A lost one has none to give up.
      if (!lost.signal.aborted) await sql`select pg_advisory_unlock_all()`.catch(() => undefined);
      await sql.end({ timeout: 1 });
    },
  };
}
