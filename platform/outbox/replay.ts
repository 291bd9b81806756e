import type { Sql, TransactionSql } from 'postgres';
import type { Topic } from '#contracts/topics.ts';
import { InvalidRequest } from '#platform/problem/domain-error.ts';

/** Where a replay begins: all that is kept, an instant (RFC 3339), or the event with an id. */
export type ReplayFrom = 'beginning' | { readonly at: Date } | { readonly eventId: string };

export interface ReplayOptions {
  readonly schema: string;
  readonly topic: Topic;
  readonly from: ReplayFrom;
  /** Absent: all. */
  readonly partitions?: readonly number[];
}

export interface Replayed {
  /** How many events will be sent again. Never fewer than were asked for: what was under way beside them comes too. */
  readonly events: number;
  readonly partitions: readonly { readonly partition: number; readonly events: number }[];
  /** Events up to this moment are not kept; null when all are. */
  readonly keptAfter: string | null;
}

/** A scan of all that is kept, behind locks that hold the relay up. */
const STATEMENT_MS = 15 * 60_000;

/**
 * Sends events again, from a point on, by putting the cursors back. A cursor becomes the snapshot `m:m:`, which has seen all
 * transactions before `m` and none after: `m` is the first that wrote an event to be sent again, but never one that the
 * cursor was still to send. Numbers go back by as many events as are uncovered, so that a consumer who has seen fewer finds
 * a hole instead of losing events in silence. The epoch fences the relay that runs; its session is ended, because one
 * with nothing to send would not ask. Throws InvalidRequest when events from that point are not kept any more.
 */
export function replay(sql: Sql, options: ReplayOptions): Promise<Replayed> {
  const { schema, topic, from } = options;
  const partitions = [...(options.partitions ?? Array.from({ length: topic.partitions }, (_, n) => n))];
  return sql.begin(async (tx) => {
    await tx.unsafe(`set local statement_timeout = ${STATEMENT_MS}`);
    // Nothing is retired from here on: what is said to be kept is.
    await tx`lock table only ${tx(schema)}.outbox in access share mode`;
    await tx`select from ${tx(schema)}.outbox_cursor where partition = any(${partitions}::smallint[])
      order by partition for update`;
    const keptAfter = await readKeptAfter(tx, schema);
    const since = await resolveFrom(tx, { schema, from, keptAfter });
    const moved = await putBack(tx, { schema, partitions, since });
    await endRelays(tx, { schema, partitions: moved.map(({ partition }) => partition) });
    return { events: moved.reduce((sum, { events }) => sum + events, 0), partitions: moved, keptAfter };
  }) as Promise<Replayed>;
}

async function readKeptAfter(tx: TransactionSql, schema: string): Promise<string | null> {
  const [row] = await tx<{ at: string | null }[]>`
    select to_char(max(newest_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from ${tx(schema)}.outbox_retired`;
  return row?.at ?? null;
}

/** The point as the row knows it: not before this time (RFC 3339), and not before this id. */
interface Since {
  readonly at: string | null;
  readonly id: string;
}

interface Resolving {
  readonly schema: string;
  readonly from: ReplayFrom;
  readonly keptAfter: string | null;
}

async function resolveFrom(tx: TransactionSql, { schema, from, keptAfter }: Resolving): Promise<Since> {
  const kept = keptAfter && `events up to ${keptAfter} are not kept any more; "beginning" sends all that are`;
  if (from === 'beginning') return { at: null, id: '0' };
  if ('at' in from) {
    if (kept && from.at <= new Date(keptAfter)) throw refused(`${from.at.toISOString()} is too early: ${kept}`);
    return { at: from.at.toISOString(), id: '0' };
  }
  const [row] = await tx<{ id: string }[]>`
    select min(id)::text as id from ${tx(schema)}.outbox where event_id = ${from.eventId} having count(*) > 0`;
  if (!row) throw refused(`no event with the id ${from.eventId} is in the outbox${kept ? `; ${kept}` : ''}`);
  return { at: null, id: row.id };
}

const refused = (message: string) => new InvalidRequest([{ field: 'from', message }]);

/** Covered by a cursor `c`: acknowledged. */
const IS_SENT = `(pg_visible_in_snapshot(o.xid, c.done)
  or (c.win is not null and o.id <= c.last_id and pg_visible_in_snapshot(o.xid, c.win)))`;

/** Partitions with nothing to send again stay as they are. */
const PUT_BACK = `
with point as (
  select c.*, least(first.xid, pg_snapshot_xmin(c.done)) as m
  from %schema%.outbox_position c
  cross join lateral (
    select min(o.xid) as xid from %schema%.outbox o
    where o.partition = c.partition and o.id >= $2::bigint and ($3::timestamptz is null or o.occurred_at >= $3) and ${IS_SENT}
  ) first
  where c.partition = any($1::smallint[]) and first.xid is not null
), again as (
  select c.partition, c.m, c.sequence, sent.events
  from point c
  cross join lateral (
    select count(*) as events from %schema%.outbox o where o.partition = c.partition and o.xid >= c.m and ${IS_SENT}
  ) sent
)
update %schema%.outbox_cursor c
set done = (a.m::text || ':' || a.m::text || ':')::pg_snapshot, win = null, last_id = 0, epoch = c.epoch + 1,
  sequence = a.sequence - a.events
from again a where c.partition = a.partition
returning c.partition, a.events::float8 as events`;

interface PuttingBack {
  readonly schema: string;
  readonly partitions: number[];
  readonly since: Since;
}

async function putBack(tx: TransactionSql, { schema, partitions, since }: PuttingBack) {
  const rows = await tx.unsafe<{ partition: number; events: number }[]>(PUT_BACK.replaceAll('%schema%', schema), [
    partitions,
    since.id,
    since.at,
  ] as never[]);
  return rows.map(({ partition, events }) => ({ partition, events })).toSorted((a, b) => a.partition - b.partition);
}

/** Ends the sessions that own partitions, as a lost connection would: their relays take the partitions again. */
async function endRelays(
  tx: TransactionSql,
  { schema, partitions }: { schema: string; partitions: readonly number[] },
): Promise<void> {
  await tx`
    select pg_terminate_backend(owner.pid) from (
      select distinct l.pid from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = current_database() and l.granted and l.objsubid = 2
        and l.classid = hashtext(${`outbox:${schema}`})::bit(32)::bigint::oid and l.objid = any(${[...partitions]}::oid[])
    ) owner`;
}
