import { expect, test } from 'vitest';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { batchOf, createTestContext, issued } from '../testing.ts';
import { handleBatch } from './handle-batch.ts';
import { createBooks } from './write-books.ts';

const BATCHES = 40;
const EVENTS = 20;

// What a session plans while the books are empty it keeps until they are analysed: read through for each batch, they
// cost the more the more there is, while the accounts of all partitions are locked.
test('D9 S3.2 books that grow from nothing are looked up by index: no batch reads the ledger or the registers through', async () => {
  await using room = await createTestContext();
  {
    // Sessions that end here tell what they have read.
    await using own = openPostgres({ url: room.databaseUrl, name: 'growing', log: room.ctx.log, max: 1 });
    const ctx = { ...room.ctx, ...own, books: createBooks({ ...room.ctx, ...own }) };
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const first = batch * EVENTS + 1;
      const events = Array.from({ length: EVENTS }, (_, at) => issued(first + at, first + at));
      await handleBatch(ctx, batchOf(...events));
    }
  }
  const read = async () => {
    const rows = await room.admin<{ name: string; rows: number; kept: number }[]>`
      select relname as name, seq_tup_read::float8 as rows, n_tup_ins::float8 as kept from pg_stat_user_tables
      where schemaname = 'settlement' and relname in ('ledger_transactions', 'register_lines') order by 1`;
    return rows.map(({ name, rows: through, kept }) => ({ name, kept, isReadThrough: through > kept }));
  };
  const [kept, isReadThrough] = [BATCHES * EVENTS, false];
  await expect
    .poll(read, { interval: 50, timeout: 5_000 })
    .toEqual(['ledger_transactions', 'register_lines'].map((name) => ({ name, kept, isReadThrough })));
});
