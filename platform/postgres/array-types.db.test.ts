import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres, type Postgres } from './open-postgres.ts';
import { openSession } from './open-session.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = openPostgres({ url: database.url('core'), name: 'test', log: pino({ level: 'silent' }), max: 1 });
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const TEXTS = ['', 'a', 'NULL', 'null', '{}', '{a,b}', ',', '"', '\\', '\\"', ' spaces ', 'строка', '🙂', 'a\nb', 't'];

test.each<[string, unknown[]]>([
  ['text', TEXTS],
  ['varchar', TEXTS],
  ['text', [null, 'a', null]],
  ['text', []],
  ['int2', [-32768, 0, 32767]],
  ['int4', [-2147483648, null, 2147483647]],
  ['int8', ['-9223372036854775808', '9223372036854775807']],
  ['float8', [0.1, -1e300]],
  ['oid', [4294967295]],
  ['uuid', ['019aaafa-a500-7a5b-9c3d-2e1f0a9b8c7d']],
])('%s[] %j goes to Postgres and comes back as it was', async (type, values) => {
  for (const sql of [postgres.sql, openSession(postgres.sql).sql]) {
    const [row] = await sql.unsafe(`select $1::${type}[] as back, cardinality($1::${type}[]) as count`, [
      values,
    ] as never[]);
    expect(row).toEqual({ back: values, count: values.length });
    if (sql !== postgres.sql) await sql.end();
  }
});

test('an array of truths is read', async () => {
  const [row] = await postgres.sql`select array[true, false, null] as back`;
  expect(row?.['back']).toEqual([true, false, null]);
});
