import type { Sql } from 'postgres';
import { TIMELINE } from '#platform/postgres/timeline.ts';

/** How far a partition is, in memory of its owner; see table.ts for what the parts mean. Snapshots as Postgres text. */
export interface Cursor {
  readonly partition: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly done: string;
  readonly win: string | null;
  readonly lastId: string;
}

/** First key of the advisory locks; the second is schema's and partition's. Any number, never another's. */
const LOCK_CLASS = 'outbox';
/**
 * Epochs left out when the database was put back to an earlier point: consumers may know some that it does not. A takeover
 * a second for three hours; settlement believes a hundred such steps at once.
 */
const LOST_TAKEOVERS = 10_000;

/**
 * Takes over what partitions nobody owns, on this session: the lock lives as long as the connection. Each takeover
 * raises the epoch and begins where the one before had come, so that a former owner's late move counts for nothing. The
 * first in a new life of the database raises it above all that the life before can have used. One that a replay puts back
 * meanwhile is left out, and taken when it is asked for again.
 */
export async function claimPartitions(
  sql: Sql,
  options: { schema: string; partitions: readonly number[] },
): Promise<Cursor[]> {
  const { schema, partitions } = options;
  await sql.unsafe(
    `insert into ${schema}.outbox_cursor (partition) select unnest($1::smallint[]) on conflict do nothing`,
    [[...partitions]] as never[],
  );
  const locked = await sql.unsafe<{ partition: number }[]>(
    `select p.partition from unnest($1::smallint[]) as p(partition)
     where pg_try_advisory_lock(hashtext('${LOCK_CLASS}:${schema}'), p.partition)`,
    [[...partitions]] as never[],
  );
  if (locked.length === 0) return [];
  // An epoch must outlive a crash before anything is sent under it; how far it came may be forgotten: moveCursors.
  await sql`set synchronous_commit = on`;
  const claimed = await sql.unsafe<Cursor[]>(
    `update ${schema}.outbox_cursor c
     set epoch = c.epoch + 1 + case when c.timeline = life.timeline then 0 else ${LOST_TAKEOVERS} end,
       timeline = life.timeline, sequence = p.sequence, done = p.done, win = p.win, last_id = p.last_id
     from ${schema}.outbox_position p, (select ${TIMELINE} as timeline) life
     where p.partition = c.partition and p.epoch = c.epoch and c.partition = any($1::smallint[])
     returning c.partition, c.epoch::float8 as epoch, c.sequence::float8 as sequence, c.done::text as done,
       c.win::text as win, c.last_id::text as "lastId"`,
    [locked.map((row) => row.partition)] as never[],
  );
  await sql`set synchronous_commit = off`;
  return claimed;
}

/**
 * Notes how far partitions have come, after an acknowledgement. Returns those it was noted of; one missing has a new
 * owner. Not waited for until it is on disk: a crash of Postgres may take it back, and what was sent since is sent again.
 */
export async function moveCursors(
  sql: Sql,
  cursors: readonly Cursor[],
  options: { schema: string },
): Promise<Set<number>> {
  const rows = await sql.unsafe<{ partition: number }[]>(
    `insert into ${options.schema}.outbox_progress (partition, epoch, sequence, done, win, last_id)
     select u.partition, u.epoch, u.sequence, u.done::pg_snapshot, u.win::pg_snapshot, u.last_id
     from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
       as u(partition, epoch, sequence, done, win, last_id)
     join ${options.schema}.outbox_cursor c on c.partition = u.partition and c.epoch = u.epoch
     returning partition`,
    [
      cursors.map((cursor) => cursor.partition),
      cursors.map((cursor) => cursor.epoch),
      cursors.map((cursor) => cursor.sequence),
      cursors.map((cursor) => cursor.done),
      cursors.map((cursor) => cursor.win),
      cursors.map((cursor) => cursor.lastId),
    ] as never[],
    { prepare: true },
  );
  return new Set(rows.map((row) => row.partition));
}

/** Removes what later moves have made of no account. */
export async function forgetOldMoves(sql: Sql, { schema }: { schema: string }): Promise<void> {
  await sql.unsafe(
    `delete from ${schema}.outbox_progress p
     using (
       select c.partition, c.epoch,
         (select max(q.id) from ${schema}.outbox_progress q where q.partition = c.partition and q.epoch = c.epoch) as id
       from ${schema}.outbox_cursor c
     ) last
     where p.partition = last.partition and (p.epoch < last.epoch or (p.epoch = last.epoch and p.id < last.id))`,
  );
}
