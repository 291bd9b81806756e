import type { Sql } from 'postgres';

/** How a pool stands. */
export interface PoolState {
  readonly max: number;
  /** Connections with a query or a transaction under way. */
  readonly inUse: number;
  /** Queries that wait: for a connection, or behind another query on one. Only when none is free. */
  readonly waiting: number;
}

/** A query as postgres.js 3.4.9 has it inside; `active` while it is its connection's first. */
interface Query extends Promise<unknown> {
  readonly handler: object;
  readonly executed: boolean;
  readonly active: boolean;
  resolve: (value: unknown) => unknown;
  reject: (error: unknown) => unknown;
  handle(): Promise<void>;
}

/** The prototype of all queries, whose class is not exported. */
interface QueryClass {
  handle: Query['handle'];
  [watched]?: WeakMap<object, Set<Query>>;
}

const watched = Symbol('queries under way, by the handler of their pool');

/**
 * Keeps an eye on a pool: postgres.js tells nothing of it. Every query of a pool has the pool's own handler, and goes through
 * `handle` when it begins; transactions hold a connection also between their queries, which have another. Costs a query less
 * than a microsecond.
 */
export function watchPool(sql: Sql): () => PoolState {
  // Built, not sent.
  const sample = sql`select` as unknown as Query;
  const underWay = new Set<Query>();
  watchersOf(Object.getPrototypeOf(sample) as QueryClass).set(sample.handler, underWay);
  let transactions = 0;
  const { begin } = sql;
  const counted = (...args: unknown[]) => {
    const work = args.pop() as (tx: unknown) => unknown;
    let holds = false;
    const release = () => {
      if (holds) transactions -= 1;
    };
    const outcome: Promise<unknown> = Reflect.apply(begin, undefined, [
      ...args,
      (tx: unknown) => {
        holds = true;
        transactions += 1;
        return work(tx);
      },
    ]);
    outcome.then(release, release);
    return outcome;
  };
  sql.begin = counted as Sql['begin'];
  return () => {
    const active = [...underWay].filter((query) => query.active).length;
    return { max: sql.options.max, inUse: active + transactions, waiting: underWay.size - active };
  };
}

function watchersOf(queries: QueryClass): WeakMap<object, Set<Query>> {
  const known = queries[watched];
  if (known) return known;
  const watchers = new WeakMap<object, Set<Query>>();
  queries[watched] = watchers;
  const { handle } = queries;
  queries.handle = function (this: Query) {
    const underWay = this.executed ? undefined : watchers.get(this.handler);
    if (underWay) follow(this, underWay);
    return handle.call(this);
  };
  return watchers;
}

function follow(query: Query, underWay: Set<Query>): void {
  const { resolve, reject } = query;
  const over =
    <Value>(settle: (value: Value) => unknown) =>
    (value: Value) => {
      underWay.delete(query);
      return settle(value);
    };
  underWay.add(query);
  query.resolve = over(resolve);
  query.reject = over(reject);
}
