import { sql as text } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { openPostgres, type Postgres } from './open-postgres.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const lines: string[] = [];
const log = createLogger({ service: 'test', region: 'msk', level: 'debug' }, { write: (line) => lines.push(line) });
let database: TestDatabase;
let pool: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPostgres({ url: database.url('core'), name: 'core-app', log, max: 3 });
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('every session of a pool has its limits on statements, locks and idle transactions, and its name', async () => {
  const sessions = await Promise.all(Array.from({ length: 3 }, () => pool.sql.reserve()));
  const NAMES = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'application_name'];
  for (const session of sessions) {
    const rows = await session`select name, setting, unit from pg_settings where name in ${session(NAMES)}`;
    expect(Object.fromEntries(rows.map((row) => [row['name'], `${row['setting']}${row['unit'] ?? ''}`]))).toEqual({
      statement_timeout: '10000ms',
      lock_timeout: '5000ms',
      idle_in_transaction_session_timeout: '10000ms',
      application_name: 'core-app',
    });
  }
  const ids = await Promise.all(sessions.map(async (session) => (await session`select pg_backend_pid() as pid`)[0]));
  expect(new Set(ids.map((row) => row?.['pid'])).size).toBe(3);
  for (const session of sessions) session.release();
});

test('a transaction by Drizzle has the same limits', async () => {
  const [row] = await pool.db.transaction((tx) => tx.execute(text`show statement_timeout`));
  expect(row).toEqual({ statement_timeout: '10s' });
});

test('notices of the database go to the log', async () => {
  await pool.sql`do $$ begin raise notice 'said by the database'; end $$`;
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 'debug', notice: 'said by the database' }),
  );
});

test('dispose lets the query under way end', async () => {
  const own = openPostgres({ url: database.url('core'), name: 'core-app', log, max: 1 });
  await own.sql`select 1`;
  const slow = own.sql`select pg_sleep(0.1), 1 as one`.execute();
  await own[Symbol.asyncDispose]();
  expect(await slow).toMatchObject([{ one: 1 }]);
});
