import { randomUUID } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestDatabase } from '#platform/postgres/testing.ts';
import { createLogger } from '#platform/telemetry/log.ts';

/** Ids of a piece; see the migrations. */
export const PIECE_IDS = 1_000_000;

/** The aggregator's outbox on a database of its own, as the service's role and as the owner of its tables. */
export async function createTestOutbox() {
  const database = await createTestDatabase();
  const log = createLogger({ service: 'test', region: 'msk', level: 'silent' });
  const { sql } = openPostgres({ url: database.url('aggregator'), name: 'test', log });
  const admin = postgres(database.adminUrl, { max: 2, onnotice: () => undefined });
  return {
    sql,
    admin,
    adminUrl: database.adminUrl,
    /** Appends an event to a partition, `days` ago. Answers its id. */
    async append(
      on: Sql,
      { partition = 0, days = 0, eventId = randomUUID(), aggregate = 'a', version = 1 } = {},
    ): Promise<number> {
      const [row] = await on<{ id: number }[]>`
        insert into aggregator.outbox
          (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
        values (${partition}, 'k', ${eventId}, ${aggregate}, ${version}, 't', now() - make_interval(days => ${days}), '{}')
        returning id::float8 as id`;
      return row?.id ?? 0;
    },
    /** The next id is the first of a million. */
    jumpTo: (million: number) =>
      admin`select setval('aggregator.outbox_id_seq', ${million * PIECE_IDS}, false)`.then(() => undefined),
    /** The partition is sent as far as can be seen now. */
    async acknowledge(partition = 0): Promise<void> {
      await sql`
        insert into aggregator.outbox_cursor (partition, epoch, done) values (${partition}, 1, pg_current_snapshot())
        on conflict (partition) do update set done = excluded.done`;
    },
    /** From which ids on there are pieces, in millions. */
    async pieces(): Promise<number[]> {
      const rows = await sql<{ million: number }[]>`
        select (lower_id / ${PIECE_IDS})::int as million from aggregator.outbox_pieces() order by 1`;
      return rows.map((row) => row.million);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([sql.end(), admin.end()]);
      await database[Symbol.asyncDispose]();
    },
  };
}
