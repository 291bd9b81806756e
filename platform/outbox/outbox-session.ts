import type { Sql } from 'postgres';
import { openSession } from '#platform/postgres/open-session.ts';
import { type Cursor, claimPartitions, moveCursors } from './cursor.ts';
import { type Page, readPages } from './read-page.ts';

/** The outbox as its relay needs it: one connection, and the ownership of partitions that lives and dies with it. */
export interface OutboxSession extends AsyncDisposable {
  /** Aborts when the connection is gone, and all that was claimed on it. */
  readonly lost: AbortSignal;
  /** Takes what of the partitions nobody owns; each has an epoch that was never used before. */
  claim(partitions: readonly number[]): Promise<Cursor[]>;
  /** The next unsent events of each partition, at most `limit` of each, ready to be sent. */
  read(cursors: readonly Cursor[], limit: number): Promise<Page[]>;
  /** Notes what was acknowledged. Returns the partitions that were moved: one missing has a new owner. */
  move(cursors: readonly Cursor[]): Promise<Set<number>>;
}

/**
 * How Postgres reads for a relay. A page of 12 partitions is sorted without a file. Rows are found by index, always, and by
 * one plan: what a planner thinks of a table that was just filled, or just sent, is long out of date.
 */
const SETTINGS = {
  work_mem: '32MB',
  plan_cache_mode: 'force_generic_plan',
  random_page_cost: '1.1',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Opens a session on the outbox of a schema, beside the pool. */
export function openOutbox(pool: Sql, { schema, region }: { schema: string; region: string }): OutboxSession {
  const session = openSession(pool, SETTINGS);
  const { sql, lost } = session;
  return {
    lost,
    claim: (partitions) => claimPartitions(sql, { schema, partitions }),
    read: (cursors, limit) => readPages(sql, cursors, { schema, region, limit }),
    move: (cursors) => moveCursors(sql, cursors, { schema }),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
