import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterEach, expect, inject, test } from 'vitest';
import { SCHEMAS } from './migrations.ts';
import { provision } from './provision.ts';
import { TEST_PASSWORD } from './testing.ts';

const PASSWORDS = { core: TEST_PASSWORD, settlement: TEST_PASSWORD, aggregator: TEST_PASSWORD };
const made: string[] = [];

/** The URL of a database that is not there yet. */
function freshUrl(): string {
  const name = `fresh_${randomBytes(4).toString('hex')}`;
  made.push(name);
  return urlOf(name);
}
function urlOf(database: string): string {
  const url = new URL(inject('templateUrl'));
  url.pathname = `/${database}`;
  return url.href;
}
const query = async (url: string, statement: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return sql.unsafe(statement).finally(() => sql.end());
};
afterEach(async () => {
  for (const name of made.splice(0)) await query(urlOf('postgres'), `drop database if exists ${name} with (force)`);
});

/** What a database is made of: its tables, what ran on it, who may do what. */
async function shapeOf(url: string) {
  const tables = await query(
    url,
    `select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`,
  );
  const grants = await query(
    url,
    `select grantee, table_schema, table_name, privilege_type from information_schema.role_table_grants
     where grantee in ('core', 'settlement', 'aggregator') order by 1, 2, 3, 4`,
  );
  const ran = await Promise.all(
    SCHEMAS.map((schema) => query(url, `select hash, created_at from ${schema}.migrations order by id`)),
  );
  return { tables: [...tables], grants: [...grants], ran: ran.map((rows) => [...rows]) };
}

test('makes the database, and run again on what it made changes nothing', async () => {
  const url = freshUrl();
  await provision(url, PASSWORDS);
  const before = await shapeOf(url);
  await query(url, `insert into core.outbox_cursor (partition) values (0)`);
  await provision(url, PASSWORDS);
  expect(await shapeOf(url)).toEqual(before);
  expect(await query(url, 'select partition from core.outbox_cursor')).toHaveLength(1);
  expect(new Set(before.tables.map((row) => row['schemaname']))).toEqual(new Set(SCHEMAS));
});

test('four at once on a database that is not there make it once, and none fails', async () => {
  const url = freshUrl();
  await Promise.all(Array.from({ length: 4 }, () => provision(url, PASSWORDS)));
  const reference = freshUrl();
  await provision(reference, PASSWORDS);
  expect(await shapeOf(url)).toEqual(await shapeOf(reference));
});

test('two at once for two databases of one cluster do not trip over the roles that they share', async () => {
  const urls = [freshUrl(), freshUrl()];
  for (let turn = 0; turn < 3; turn += 1) await Promise.all(urls.map((url) => provision(url, PASSWORDS)));
  expect(await shapeOf(urls[0] ?? '')).toEqual(await shapeOf(urls[1] ?? ''));
});

test('R12 a row that breaks a constraint is not repeated in the log of the server, for any service', async () => {
  const url = freshUrl();
  await provision(url, PASSWORDS);
  for (const role of SCHEMAS) {
    const own = new URL(url);
    own.username = role;
    own.password = TEST_PASSWORD;
    expect(await query(own.href, 'show log_error_verbosity')).toEqual([{ log_error_verbosity: 'terse' }]);
  }
});
