import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireMigrated, SCHEMAS } from './migrations.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let admin: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = postgres(database.adminUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await admin.end();
  await database[Symbol.asyncDispose]();
});

const BEHIND = (schema: string) =>
  `The database is not ready for ${schema}: run the migrations first (node platform/postgres/provision.ts)`;

describe.each(SCHEMAS)('requireMigrated of %s, as its own role', (schema) => {
  const required = async () => {
    const sql = postgres(database.url(schema), { max: 1, onnotice: () => undefined });
    await requireMigrated(sql, schema).finally(() => sql.end());
  };

  test('is content with what this release needs', async () => {
    await required();
  });

  test('refuses a database that is ahead: a newer release has been here', async () => {
    await admin`insert into ${admin(schema)}.migrations (hash, created_at) values ('newer', 9999999999999)`;
    await expect(required()).rejects.toThrow(
      new Error(`The database of ${schema} is newer than this release understands: run the newer release`),
    );
    await admin`delete from ${admin(schema)}.migrations where hash = 'newer'`;
    await required();
  });

  test('refuses a database that is behind, by one migration or by all', async () => {
    await admin`delete from ${admin(schema)}.migrations
      where created_at = (select max(created_at) from ${admin(schema)}.migrations)`;
    await expect(required()).rejects.toThrow(new Error(BEHIND(schema)));
    await admin`delete from ${admin(schema)}.migrations`;
    await expect(required()).rejects.toThrow(new Error(BEHIND(schema)));
  });

  test('refuses a database that was never migrated', async () => {
    await admin`drop table ${admin(schema)}.migrations`;
    await expect(required()).rejects.toThrow(new Error(BEHIND(schema)));
  });
});
