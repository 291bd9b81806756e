import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import type { MutantContext } from './relays.ts';
import { COLUMNS, type Row, toPage } from './row.ts';

/**
 * Reads by `(xid, id)` below the oldest transaction under way, so that nothing commits behind the cursor. But the order of
 * xids is not that of an aggregate's versions. The cursor's xid is kept as the snapshot `xid:xid:`.
 */
export function xidCursor({ sql, openReal }: MutantContext): OutboxSession {
  return {
    ...openReal(),
    read: (cursors, limit) =>
      Promise.all(
        cursors.map(async (cursor) => {
          const rows = await sql.unsafe<Row[]>(
            `select ${COLUMNS} from core.outbox o
             where o.partition = $1 and (o.xid, o.id) > (pg_snapshot_xmin($2::text::pg_snapshot), $3::bigint)
               and o.xid < pg_snapshot_xmin(pg_current_snapshot())
             order by o.xid, o.id limit $4`,
            [cursor.partition, cursor.done, cursor.lastId, limit],
          );
          const { messages, after } = toPage(cursor, rows);
          const last = rows.at(-1);
          return { messages, after: last ? { ...after, done: `${last.xid}:${last.xid}:`, lastId: last.id } : after };
        }),
      ),
  };
}
