import type { Sql } from 'postgres';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import type { Cursor } from './cursor.ts';

/** The next events of one partition, as they will be sent, and where its cursor stands once they are acknowledged. */
export interface Page {
  readonly messages: readonly OutgoingMessage[];
  readonly after: Cursor;
}

/**
 * The whole message, put together by Postgres: what is left for this process is to pass bytes on. `data` is JSON already.
 * By `||`, where concat() takes nearly twice as long; what is the same for all events of a page comes as `c.place`.
 */
const MESSAGE = `'{"eventId":"' || o.event_id::text || '","type":' || to_json(o.type)::text
  || ',"aggregateId":' || to_json(o.aggregate_id)::text || ',"aggregateVersion":' || o.aggregate_version::text
  || c.place || (c.sequence + o.nth)::text
  || ',"occurredAt":"' || to_char(o.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  || '","traceparent":' || coalesce(to_json(o.traceparent)::text, 'null') || ',"data":' || o.data || '}'`;

/** Between messages, and between keys: a control character, which JSON has none of and `outboxRow` takes in no key. */
const SEPARATOR = 0x1e;

/**
 * A partition's page in one row. Row by row it would cost this process six times as much to take apart, and a relay is
 * bound by this process.
 */
const PAGE = `c.partition, pg_current_snapshot()::text, page.last_id, page.keys, page.messages`;
const GATHERED = `max(o.id) as last_id, string_agg(o.key, chr(${SEPARATOR}) order by o.id) as keys,
  string_agg(${MESSAGE}, chr(${SEPARATOR}) order by o.id) as messages`;

/**
 * What `done` did not see, by id: committed later, or under way when it was taken. Never `id > last`, which skips rows
 * that commit late; never by xid, whose order is not an aggregate's (both lose or misorder events in the tests).
 * The two ways to be unseen are two index ranges; one OR of them would scan the partition. Ids first, and then the rows
 * of the page: a window over a long backlog looks at all of it once.
 */
const OPEN_WINDOW = `
select ${PAGE}
from unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]::pg_snapshot[]) as c(partition, place, sequence, done)
cross join lateral (
  select ${GATHERED} from (
    select x.*, numbered.nth from (
      select ids.id, row_number() over (order by ids.id) as nth from (
        select y.id from %outbox% y where y.partition = c.partition and y.xid >= pg_snapshot_xmax(c.done)
        union all
        select y.id from %outbox% y where y.partition = c.partition
          and y.xid = any(array(select pg_snapshot_xip(c.done)))
        order by id limit $5
      ) ids
    ) numbered join %outbox% x on x.id = numbered.id
  ) o
) page`;

/** The rest of an open window: after `last_id`, unseen by `done`, seen by `win`. */
const CONTINUE_WINDOW = `
select ${PAGE}
from unnest($1::smallint[], $2::text[], $3::bigint[], $4::text[]::pg_snapshot[], $5::text[]::pg_snapshot[], $6::bigint[])
  as c(partition, place, sequence, done, win, last_id)
cross join lateral (
  select ${GATHERED} from (
    select seen.*, row_number() over (order by seen.id) as nth from (
      select x.* from %outbox% x
      where x.partition = c.partition and x.id > c.last_id
        and (x.xid >= pg_snapshot_xmax(c.done) or x.xid = any(array(select pg_snapshot_xip(c.done))))
        and pg_visible_in_snapshot(x.xid, c.win)
      order by x.id limit $7
    ) seen
  ) o
) page`;

/** A partition's page as the server sent it: partition, snapshot, last id, keys, messages. */
type Row = readonly [Buffer, Buffer, Buffer | null, Buffer | null, Buffer | null];

/** Reads at most `limit` unsent rows of each partition. A partition with nothing to send has a page without messages. */
export async function readPages(
  sql: Sql,
  cursors: readonly Cursor[],
  options: { schema: string; region: string; limit: number },
): Promise<Page[]> {
  const { schema, region, limit } = options;
  const opening = cursors.filter((cursor) => cursor.win === null);
  const continuing = cursors.filter((cursor) => cursor.win !== null);
  const rows = new Map<number, Row>();
  const query = async (text: string, values: unknown[]) => {
    const prepared = text.replaceAll('%outbox%', `${schema}.outbox`);
    const found = await sql.unsafe(prepared, values as never[], { prepare: true }).raw();
    for (const row of found as unknown as Row[]) rows.set(Number(row[0].toString()), row);
  };
  if (opening.length > 0) await query(OPEN_WINDOW, [...columns(opening, region), limit]);
  if (continuing.length > 0) {
    const wins = continuing.map((cursor) => cursor.win);
    const lastIds = continuing.map((cursor) => cursor.lastId);
    await query(CONTINUE_WINDOW, [...columns(continuing, region), wins, lastIds, limit]);
  }
  return cursors.map((cursor) => toPage(cursor, rows.get(cursor.partition), limit));
}

const columns = (cursors: readonly Cursor[], region: string) => [
  cursors.map(({ partition }) => partition),
  cursors.map(
    ({ partition, epoch }) =>
      `,"region":${JSON.stringify(region)},"partition":${partition},"epoch":${epoch},"sequence":`,
  ),
  cursors.map(({ sequence }) => sequence),
  cursors.map(({ done }) => done),
];

function toPage(cursor: Cursor, row: Row | undefined, limit: number): Page {
  if (!row) throw new Error(`The page of partition ${cursor.partition} is missing`);
  const [, now, lastId, keys, texts] = row;
  const { partition } = cursor;
  const values = split(texts);
  const messages = split(keys).map((key, index) => ({ partition, key, value: values[index] as Buffer }));
  const sequence = cursor.sequence + messages.length;
  const win = cursor.win ?? now.toString();
  if (lastId && messages.length === limit) {
    return { messages, after: { ...cursor, sequence, win, lastId: lastId.toString() } };
  }
  return { messages, after: { ...cursor, sequence, done: win, win: null, lastId: '0' } };
}

function split(bytes: Buffer | null): Buffer[] {
  const parts: Buffer[] = [];
  if (bytes === null) return parts;
  let from = 0;
  for (let to = bytes.indexOf(SEPARATOR); to !== -1; to = bytes.indexOf(SEPARATOR, from)) {
    parts.push(bytes.subarray(from, to));
    from = to + 1;
  }
  parts.push(bytes.subarray(from));
  return parts;
}
