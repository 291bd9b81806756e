import type { Sql } from 'postgres';

/** A query as postgres.js has it inside. */
interface Query extends Promise<unknown> {
  readonly strings?: readonly string[];
}

/**
 * Keeps the process alive when a connection is lost just as it is made. postgres 3.4.9 asks for array types then, waits for
 * the answer where nobody looks (`fetchArrayTypes` in connection.js), and a rejection there ends the process. It has no
 * option against it: with `fetch_types: false` a `begin` or `reserve` on a new connection never comes back. So that one
 * query is never told that it failed; those who wait for the connection are.
 */
export function swallowLostTypes(sql: Sql): void {
  // Built, not sent: its class is not exported.
  const query: { then: Query['then']; [swallows]?: true } = Object.getPrototypeOf(sql`select`);
  if (query[swallows]) return;
  query[swallows] = true;
  const then = query.then;
  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  query.then = function (this: Query, fulfilled, rejected) {
    const isOfTypes = this.strings?.[0]?.includes('b.typarray');
    return Reflect.apply(then, this, [fulfilled, isOfTypes ? () => undefined : rejected]);
  } as Query['then'];
}

const swallows = Symbol('swallows the loss of types');
