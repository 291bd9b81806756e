import type { Sql } from 'postgres';
import type { Cursor } from '#platform/outbox/cursor.ts';
import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import { readPages } from '#platform/outbox/read-page.ts';
import type { MutantContext } from './relays.ts';

/**
 * Trusts its advisory lock: it works on the pool, does not see that the session which holds the lock is gone, and moves the
 * cursor whatever its epoch. Two owners at once move it over one another's events.
 */
export function unfenced({ sql, openReal }: MutantContext): OutboxSession {
  const owner = openReal();
  return {
    lost: new AbortController().signal,
    // Once it is lost, there is nothing more to claim on it.
    claim: (partitions) => (owner.lost.aborted ? Promise.resolve([]) : owner.claim(partitions)),
    read: (cursors, limit) => readPages(sql, cursors, { schema: 'core', region: 'msk', limit }),
    move: (cursors) => moveUnchecked(sql, cursors),
    [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose](),
  };
}

async function moveUnchecked(sql: Sql, cursors: readonly Cursor[]): Promise<Set<number>> {
  for (const { partition, sequence, done, win, lastId } of cursors) {
    await sql`update core.outbox_cursor set sequence = ${sequence}, done = ${done}::text::pg_snapshot,
      win = ${win}::text::pg_snapshot, last_id = ${lastId} where partition = ${partition}`;
  }
  return new Set(cursors.map((cursor) => cursor.partition));
}
