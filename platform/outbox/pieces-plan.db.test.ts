import type { ReservedSql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TARIFFS } from '#contracts/topics.ts';
import type { Cursor } from './cursor.ts';
import { createTestOutbox } from './pieces.testing.ts';
import { readPages } from './read-page.ts';
import { readStatus } from './read-status.ts';

const PIECES = 10;
/** Of a piece. Of far fewer Postgres reads all, which is cheaper then. */
const ROWS = 20_000;
let outbox: Awaited<ReturnType<typeof createTestOutbox>>;
let session: ReservedSql;
beforeAll(async () => {
  outbox = await createTestOutbox();
  session = await outbox.sql.reserve();
});
afterAll(async () => {
  session.release();
  await outbox[Symbol.asyncDispose]();
});

const fill = (rows: number) => outbox.admin`
  insert into aggregator.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
  select n % 4, 'k', gen_random_uuid(), 'a', 1, 't', now(), repeat('x', 500) from generate_series(1, ${rows}::int) n`;
const cursors = async (): Promise<Cursor[]> => {
  const rows = await session<Cursor[]>`select partition, epoch::float8 as epoch, sequence::float8 as sequence,
    done::text, win::text, last_id::text as "lastId" from aggregator.outbox_cursor order by partition`;
  return [...rows];
};

/** How many rows `work` made the session read from first to last of a piece, by no index. */
async function scanned(work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await session`select pg_stat_force_next_flush()`;
    const [row] = await session`select coalesce(sum(seq_tup_read), 0)::int as n from pg_stat_user_tables
      where schemaname = 'aggregator' and relname like 'outbox\_from%'`;
    return Number(row?.['n']);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

/** As a relay does it on its connection, often enough that Postgres settles on a plan. */
async function readOn(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) {
    const opened = await readPages(session, await cursors(), { schema: 'aggregator', region: 'msk', limit: 50 });
    const open = opened.map((page) => page.after).filter((cursor) => cursor.win !== null);
    if (open.length > 0) await readPages(session, open, { schema: 'aggregator', region: 'msk', limit: 50 });
    await readStatus(session, { schema: 'aggregator', topic: TARIFFS });
  }
}

test('the relay and the status read ten pieces by index, whether they were analysed or are just being filled', async () => {
  for (let million = 1; million <= PIECES; million += 1) {
    await fill(ROWS);
    await outbox.jumpTo(million);
    await outbox.sql`select aggregator.outbox_extend(2)`;
  }
  for (const partition of [0, 1, 2, 3]) await outbox.acknowledge(partition);
  expect(await outbox.pieces()).toHaveLength(PIECES + 3);
  expect(await scanned(readOn)).toBe(0);
  // The plans that were made while this piece was empty are those that read it now.
  await fill(ROWS);
  expect(await scanned(readOn)).toBe(0);
  await outbox.admin`vacuum analyze aggregator.outbox`;
  expect(await scanned(readOn)).toBe(0);
  // So that this test can fail.
  expect(await scanned(() => session`select count(data) from aggregator.outbox`.execute())).toBe((PIECES + 1) * ROWS);
});
