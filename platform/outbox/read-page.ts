import type { Sql } from 'postgres';

/** How far a partition is, in memory of its owner; see table.ts for what the parts mean. Snapshots as Postgres text. */
export interface Cursor {
  readonly partition: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly done: string;
  readonly win: string | null;
  readonly lastId: string;
}

/** A row of the outbox as the relay sends it. */
export interface OutboxRow {
  readonly id: string;
  readonly key: string;
  readonly event_id: string;
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly type: string;
  readonly occurred_at: string;
  readonly traceparent: string | null;
  readonly data: string;
}

/** The next rows of one partition, and where its cursor stands once they are acknowledged. */
export interface Page {
  readonly rows: readonly OutboxRow[];
  readonly after: Cursor;
}

const COLUMNS = `o.id::text as id, o.key, o.event_id, o.aggregate_id, o.aggregate_version, o.type,
  to_char(o.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as occurred_at, o.traceparent, o.data`;

/**
 * What `done` did not see, by id: committed later, or under way when it was taken. Never `id > last`, which skips rows
 * that commit late; never by xid, whose order is not an aggregate's (both lose or misorder events in the tests).
 * The two ways to be unseen are two index ranges; one OR of them would scan the partition.
 */
const OPEN_WINDOW = `
select c.partition, pg_current_snapshot()::text as now, ${COLUMNS}
from unnest($1::smallint[], $2::text[]) as c(partition, done)
left join lateral (
  select x.* from (
    select y.* from %outbox% y where y.partition = c.partition and y.xid >= pg_snapshot_xmax(c.done::pg_snapshot)
    union all
    select y.* from %outbox% y where y.partition = c.partition
      and y.xid = any(array(select pg_snapshot_xip(c.done::pg_snapshot)))
  ) x order by x.id limit $3
) o on true
order by c.partition, o.id`;

/** The rest of an open window: after `last_id`, unseen by `done`, seen by `win`. */
const CONTINUE_WINDOW = `
select c.partition, null as now, ${COLUMNS}
from unnest($1::smallint[], $2::text[], $3::text[], $4::bigint[]) as c(partition, done, win, last_id)
left join lateral (
  select x.* from %outbox% x
  where x.partition = c.partition and x.id > c.last_id
    and (x.xid >= pg_snapshot_xmax(c.done::pg_snapshot) or x.xid = any(array(select pg_snapshot_xip(c.done::pg_snapshot))))
    and pg_visible_in_snapshot(x.xid, c.win::pg_snapshot)
  order by x.id limit $5
) o on true
order by c.partition, o.id`;

type Answer = OutboxRow & { partition: number; now: string | null };

/** Reads at most `limit` unsent rows of each partition. A partition with nothing to send has a page without rows. */
export async function readPages(
  sql: Sql,
  cursors: readonly Cursor[],
  options: { schema: string; limit: number },
): Promise<Page[]> {
  const opening = cursors.filter((cursor) => cursor.win === null);
  const continuing = cursors.filter((cursor) => cursor.win !== null);
  const partitions = (of: readonly Cursor[]) => of.map((cursor) => cursor.partition);
  const dones = (of: readonly Cursor[]) => of.map((cursor) => cursor.done);
  const query = (text: string, values: unknown[]) =>
    sql.unsafe(text.replaceAll('%outbox%', `${options.schema}.outbox`), values as never[], {
      prepare: true,
    }) as unknown as Promise<Answer[]>;
  const answers: Answer[] = [];
  if (opening.length > 0) {
    answers.push(...(await query(OPEN_WINDOW, [partitions(opening), dones(opening), options.limit])));
  }
  if (continuing.length > 0) {
    const wins = continuing.map((cursor) => cursor.win);
    const lastIds = continuing.map((cursor) => cursor.lastId);
    answers.push(
      ...(await query(CONTINUE_WINDOW, [partitions(continuing), dones(continuing), wins, lastIds, options.limit])),
    );
  }
  const byPartition = Map.groupBy(answers, (answer) => answer.partition);
  return cursors.map((cursor) => toPage(cursor, byPartition.get(cursor.partition) ?? [], options.limit));
}

function toPage(cursor: Cursor, answers: readonly Answer[], limit: number): Page {
  const rows = answers.filter((answer) => answer.id !== null);
  const sequence = cursor.sequence + rows.length;
  const win = cursor.win ?? answers[0]?.now;
  if (!win) throw new Error(`The page of partition ${cursor.partition} came without its snapshot`);
  const last = rows.at(-1);
  if (last && rows.length === limit) return { rows, after: { ...cursor, sequence, win, lastId: last.id } };
  return { rows, after: { ...cursor, sequence, done: win, win: null, lastId: '0' } };
}
