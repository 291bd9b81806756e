import type { Db } from './open-postgres.ts';
import { readTimeline } from './timeline.ts';

/**
 * Names a store that was put back, as a reader of topics: the broker has noted as read what the store has lost, so under a
 * new name it reads all that is kept, and knows again what it has. Undefined in a database's first life.
 */
export async function storeOf(db: Pick<Db, 'execute'>): Promise<string | undefined> {
  const timeline = await readTimeline(db);
  return timeline === 1 ? undefined : `life-${timeline}`;
}
