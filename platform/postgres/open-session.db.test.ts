import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { openPostgres, type Postgres } from './open-postgres.ts';
import { openSession } from './open-session.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let pool: Postgres;
let admin: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLogger({ service: 'test', region: 'msk', level: 'silent' });
  pool = openPostgres({ url: database.url('core'), name: 'core-app', log, max: 2 });
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await admin.end();
  await pool[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const lock = async (sql: Sql) => (await sql`select pg_try_advisory_lock(7) as mine, pg_backend_pid() as pid`)[0];

test('is a connection of its own as the role of the pool, with the limits of the pool', async () => {
  await using session = openSession(pool.sql);
  const pids = await Promise.all([1, 2, 3].map(async () => (await lock(session.sql))?.['pid']));
  expect(new Set(pids).size).toBe(1);
  const [row] = await session.sql`
    select current_user as role, current_setting('statement_timeout') as statements, current_setting('application_name') as name`;
  expect(row).toEqual({ role: 'core', statements: '10s', name: 'core-app' });
});

test('takes none of the connections of the pool', async () => {
  const sessions = Array.from({ length: 4 }, () => openSession(pool.sql));
  for (const session of sessions) await session.sql`select 1`;
  expect((await pool.sql`select 1 as one`)[0]).toEqual({ one: 1 });
  for (const session of sessions) await session[Symbol.asyncDispose]();
});

test('has given up its locks when it is disposed, not some time after', async () => {
  await using other = openSession(pool.sql);
  for (let turn = 0; turn < 20; turn += 1) {
    await using session = openSession(pool.sql);
    expect(await lock(session.sql)).toMatchObject({ mine: true });
    expect(await lock(other.sql)).toMatchObject({ mine: false });
    await session[Symbol.asyncDispose]();
    expect(await lock(other.sql)).toMatchObject({ mine: true });
    await other.sql`select pg_advisory_unlock_all()`;
  }
});

test('that the server ends is told as lost, its locks are free, and what is asked of it meanwhile rejects', async () => {
  await using session = openSession(pool.sql);
  const mine = await lock(session.sql);
  const told = new Promise((resolve) => session.lost.addEventListener('abort', resolve, { once: true }));
  const underWay = session.sql`select pg_sleep(10)`.execute();
  const rejected = expect(underWay).rejects.toThrow();
  await admin`select pg_terminate_backend(${mine?.['pid']})`;
  await Promise.all([rejected, told]);
  expect(() => session.lost.throwIfAborted()).toThrow('The session with the database was lost');
  await using next = openSession(pool.sql);
  expect(await lock(next.sql)).toMatchObject({ mine: true });
  expect(() => session.lost.throwIfAborted()).toThrow();
});

test('S3.2 R2 is never continued on another connection: what is asked of it after the loss is refused, also what was asked before it was told', async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await using session = openSession(pool.sql);
    const mine = await lock(session.sql);
    const asked = Promise.withResolvers<PromiseSettledResult<unknown>[]>();
    const underWay = session.sql`select pg_sleep(10)`.catch(async () => {
      // In the same turn of the loop in which the first is refused: nobody has been told yet.
      asked.resolve(Promise.allSettled([session.sql`select 1`, session.sql`select 2`]));
    });
    await admin`select pg_terminate_backend(${mine?.['pid']})`;
    await underWay;
    expect((await asked.promise).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(session.sql`select 3`).rejects.toThrow();
  }
});
