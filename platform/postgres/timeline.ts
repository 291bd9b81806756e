import { sql } from 'drizzle-orm';
import type { Db } from './open-postgres.ts';

/**
 * Which life of the database writes now, as SQL: Postgres' timeline, 1, and a higher one each time that it was put back from
 * a backup or a standby took over. Whatever was given out at the end of the life before may be known outside and
 * unknown here: what counts on must begin above it. Read off where it writes, because the control file is behind by a checkpoint.
 */
export const TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer";

/** The timeline that the database writes now. */
export async function readTimeline(db: Pick<Db, 'execute'>): Promise<number> {
  const [row] = await db.execute<{ timeline: number }>(sql`select ${sql.raw(TIMELINE)} as timeline`);
  if (!row) throw new Error('The database does not tell its timeline');
  return row.timeline;
}
