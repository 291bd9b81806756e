import type { CoreContext } from '../context.ts';
import { heartbeat } from './table.ts';

/** Commits one row, so that a database that only answers reads, or is full, does not count as healthy. */
export async function checkCommit({ db, now }: Pick<CoreContext, 'db' | 'now'>): Promise<void> {
  const row = { only: true, at: now().toISOString() };
  await db.insert(heartbeat).values(row).onConflictDoUpdate({ target: heartbeat.only, set: row });
}
