import type { Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '#platform/telemetry/log.ts';
import { openPostgres, type Postgres } from './open-postgres.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

/** Other work on the machine may take its time. */
const PATIENCE = { timeout: 15_000 };

let database: TestDatabase;
let pool: Postgres;
let admin: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  const log = createLogger({ service: 'test', region: 'msk', level: 'silent' });
  pool = openPostgres({ url: database.url('core'), name: 'core-app', log, max: 2 });
  admin = openPostgres({ url: database.adminUrl, name: 'test-admin', log, max: 2 }).sql;
});
afterAll(async () => {
  await admin.end();
  await pool[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Queries that end when the test says: they wait for a lock that it holds. */
async function held() {
  const locked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const lock = admin.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(7)`;
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  const ask = () => pool.sql`select pg_advisory_xact_lock(7)`.execute();
  const release = () => {
    released.resolve();
    return lock;
  };
  return { ask, release };
}

const IDLE = { max: 2, inUse: 0, waiting: 0 };
const becomes = (state: ReturnType<Postgres['pool']>) => expect.poll(() => pool.pool(), PATIENCE).toEqual(state);

test('R8 a pool that is used up says so: connections in use, and queries that wait', async () => {
  expect(pool.pool()).toEqual(IDLE);
  const { ask, release } = await held();
  const asked = [ask()];
  await becomes({ max: 2, inUse: 1, waiting: 0 });
  asked.push(ask(), ask(), ask(), ask());
  await becomes({ max: 2, inUse: 2, waiting: 3 });
  await release();
  await Promise.all(asked);
  expect(pool.pool()).toEqual(IDLE);
});

test('a transaction holds its connection between its queries too, and gives it back however it ends', async () => {
  for (const failure of [undefined, new Error('rolled back')]) {
    const ends = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const transaction = pool.sql.begin(async (tx) => {
      await tx`select 1`;
      begun.resolve();
      await ends.promise;
      if (failure) throw failure;
    });
    await begun.promise;
    expect(pool.pool()).toEqual({ max: 2, inUse: 1, waiting: 0 });
    ends.resolve();
    await (failure ? expect(transaction).rejects.toThrow('rolled back') : transaction);
    expect(pool.pool()).toEqual(IDLE);
  }
});

test('what Drizzle asks counts too, and a query that fails is over', async () => {
  await pool.db.transaction(async (tx) => {
    await tx.execute('select 1');
    expect(pool.pool()).toEqual({ max: 2, inUse: 1, waiting: 0 });
  });
  await expect(pool.sql`select 1 / 0`).rejects.toThrow('division by zero');
  expect(pool.pool()).toEqual(IDLE);
});

test('queries of another pool, and what is built and never sent, do not count', async () => {
  const { release } = await held();
  const other = admin`select pg_advisory_xact_lock(7)`.execute();
  void pool.sql`select never sent`;
  expect(pool.pool()).toEqual(IDLE);
  await release();
  await other;
});

test('a lost connection leaves nothing behind', async () => {
  const { ask, release } = await held();
  const asked = ask();
  await becomes({ max: 2, inUse: 1, waiting: 0 });
  const rejected = expect(asked).rejects.toThrow();
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'core-app'`;
  await rejected;
  expect(pool.pool()).toEqual(IDLE);
  await release();
});
