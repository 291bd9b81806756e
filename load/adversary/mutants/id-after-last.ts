import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import type { MutantContext } from './relays.ts';
import { COLUMNS, type Row, toPage } from './row.ts';

/** Reads what has an id above the last one sent. A row that commits after a later one was read is never sent. */
export function idAfterLast({ sql, openReal }: MutantContext): OutboxSession {
  return {
    ...openReal(),
    read: (cursors, limit) =>
      Promise.all(
        cursors.map(async (cursor) => {
          const rows = await sql.unsafe<Row[]>(
            `select ${COLUMNS} from core.outbox o where o.partition = $1 and o.id > $2 order by o.id limit $3`,
            [cursor.partition, cursor.lastId, limit],
          );
          const { messages, after } = toPage(cursor, rows);
          return { messages, after: { ...after, lastId: rows.at(-1)?.id ?? cursor.lastId } };
        }),
      ),
  };
}
