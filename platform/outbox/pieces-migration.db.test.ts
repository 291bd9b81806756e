import { readFile } from 'node:fs/promises';
import postgres, { type Sql } from 'postgres';
import { expect, test } from 'vitest';
import { createTestDatabase } from '#platform/postgres/testing.ts';

const statementsOf = async (name: string) => {
  const text = await readFile(new URL(`../../aggregator/migrations/${name}.sql`, import.meta.url), 'utf8');
  return text.split('--> statement-breakpoint');
};
async function migrate(admin: Sql, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const statements = await statementsOf(name);
    await admin.begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement);
    });
  }
}

test('R2 the outbox of the release before becomes the first piece as it is; its sessions go on through the change', async () => {
  await using database = await createTestDatabase();
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  await admin`drop schema aggregator cascade`;
  await admin`create schema aggregator`;
  await migrate(admin, ['0000_first', '0001_ten_insurers']);
  await admin`grant usage on schema aggregator to aggregator`;
  await admin`grant select, insert on all tables in schema aggregator to aggregator`;
  const session = postgres(database.url('aggregator'), { max: 1, onnotice: () => undefined });
  // As the release before does it, prepared on a connection that stays.
  const append = async () => {
    const [row] = await session`
      insert into aggregator.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
      select 0, 'k', gen_random_uuid(), 'a', 1, 't', now(), '{}' returning id::int`;
    return row?.['id'];
  };
  const read = () => session`select x.* from aggregator.outbox x where x.partition = 0 and x.xid >= '3' order by x.id`;
  expect(await append()).toBe(1);
  await admin`select setval('aggregator.outbox_id_seq', 2999999)`;
  expect([await append(), await append()]).toEqual([3_000_000, 3_000_001]);
  const before = await read();
  await migrate(admin, ['0002_outbox_in_pieces']);
  expect([...(await read())]).toEqual([...before]);
  expect([await append(), (await read()).length]).toEqual([3_000_002, 4]);
  const pieces =
    await admin`select piece::text, lower_id::int, upper_id::int from aggregator.outbox_pieces() order by lower_id`;
  expect(pieces.map((row) => Object.values(row))).toEqual([
    ['aggregator.outbox_from_0', 0, 4_000_000],
    ['aggregator.outbox_from_4000000', 4_000_000, 5_000_000],
    ['aggregator.outbox_from_5000000', 5_000_000, 6_000_000],
  ]);
  const indexes =
    await admin`select indexname from pg_indexes where schemaname = 'aggregator' and tablename = 'outbox' order by 1`;
  expect(indexes.map((row) => row['indexname'])).toEqual(['outbox_order', 'outbox_pkey', 'outbox_unseen']);
  await Promise.all([session.end(), admin.end()]);
});

test('core and the aggregator have one and the same outbox', async () => {
  await using database = await createTestDatabase();
  const admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
  const shapeOf = async (schema: string) => {
    const functions = await admin`
      select pg_get_functiondef(p.oid) as text from pg_proc p
      where p.pronamespace = ${schema}::regnamespace and p.proname like 'outbox%' order by p.proname`;
    const columns = await admin`
      select table_name, column_name, data_type, column_default, is_nullable, is_identity from information_schema.columns
      where table_schema = ${schema} and table_name like 'outbox%' order by 1, ordinal_position`;
    const indexes =
      await admin`select indexdef from pg_indexes where schemaname = ${schema} and tablename like 'outbox%' order by 1`;
    return JSON.stringify([...functions, ...columns, ...indexes]).replaceAll(schema, 'service');
  };
  expect(await shapeOf('core')).toBe(await shapeOf('aggregator'));
  await admin.end();
});
