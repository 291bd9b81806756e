import type { Sql } from 'postgres';
import type { Cursor } from '#platform/outbox/cursor.ts';
import type { OutboxSession } from '#platform/outbox/outbox-session.ts';
import type { Page } from '#platform/outbox/read-page.ts';
import { openSession } from '#platform/postgres/open-session.ts';
import type { MutantContext } from './relays.ts';
import { COLUMNS, type Row, toPage } from './row.ts';

/** Every relay takes from every partition what no other holds: so a later event can be sent before an earlier one. */
export function skipLocked({ sql: pool }: MutantContext): OutboxSession {
  const session = openSession(pool);
  const { sql, lost } = session;
  const held: string[] = [];
  return {
    lost,
    claim: async (partitions) => {
      await sql`insert into core.outbox_cursor (partition, epoch) select unnest(${[...partitions]}::smallint[]), 1
        on conflict do nothing`;
      return partitions.map((partition) => START(partition));
    },
    async read(cursors) {
      // One page at a time: what it holds is held until it is sent.
      if (held.length > 0) return cursors.map((after) => ({ messages: [], after }));
      await sql`begin`;
      const rows = await sql.unsafe<(Row & { partition: number })[]>(
        `select ${COLUMNS}, o.partition from core.outbox o
         where not exists (select from adversary.sent s where s.id = o.id) order by o.id limit ${PAGE_ROWS}
         for update of o skip locked`,
      );
      if (rows.length === 0) await sql`commit`;
      held.push(...rows.map((row) => row.id));
      return Promise.all(cursors.map((cursor) => number(pool, cursor, rows)));
    },
    async move(cursors) {
      const ids = held.splice(0);
      await sql`insert into adversary.sent (id) select unnest(${ids}::bigint[]) on conflict do nothing`;
      await sql`commit`;
      return new Set(cursors.map((cursor) => cursor.partition));
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

const PAGE_ROWS = 10;
const START = (partition: number): Cursor => ({
  partition,
  epoch: 1,
  sequence: 0,
  done: '1:1:',
  win: null,
  lastId: '0',
});

/** Numbers come from a counter that all relays share. */
async function number(pool: Sql, cursor: Cursor, all: readonly (Row & { partition: number })[]): Promise<Page> {
  const rows = all.filter((row) => row.partition === cursor.partition);
  if (rows.length === 0) return { messages: [], after: cursor };
  const [counter] = await pool<{ sequence: number }[]>`
    update core.outbox_cursor set sequence = sequence + ${rows.length} where partition = ${cursor.partition}
    returning sequence::float8 as sequence`;
  const { messages } = toPage({ ...cursor, sequence: (counter?.sequence ?? 0) - rows.length }, rows);
  return { messages, after: cursor };
}
