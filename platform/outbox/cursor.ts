import type { Sql } from 'postgres';
import type { Cursor } from './read-page.ts';

/** First key of the advisory locks; the second is schema's and partition's. Any number, never another's. */
const LOCK_CLASS = 'outbox';

/**
 * Takes over what partitions nobody owns, on this session: the lock lives as long as the connection. Each takeover
 * raises the epoch, so that a former owner's late cursor update changes no row.
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
  return sql.unsafe<Cursor[]>(
    `update ${schema}.outbox_cursor set epoch = epoch + 1 where partition = any($1::smallint[])
     returning partition, epoch::float8 as epoch, sequence::float8 as sequence, done::text as done, win::text as win,
       last_id::text as "lastId"`,
    [locked.map((row) => row.partition)] as never[],
  );
}

/** Moves the cursors after an acknowledgement. Returns the partitions that were moved; one missing has a new owner. */
export async function moveCursors(
  sql: Sql,
  cursors: readonly Cursor[],
  options: { schema: string },
): Promise<Set<number>> {
  const rows = await sql.unsafe<{ partition: number }[]>(
    `update ${options.schema}.outbox_cursor c
     set sequence = u.sequence, done = u.done::pg_snapshot, win = u.win::pg_snapshot, last_id = u.last_id
     from unnest($1::smallint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
       as u(partition, epoch, sequence, done, win, last_id)
     where c.partition = u.partition and c.epoch = u.epoch
     returning c.partition`,
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
