import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCHEMAS, type Schema } from './migrations.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let admin: Sql;
const roles = {} as Record<Schema, Sql>;
const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined });
beforeAll(async () => {
  database = await createTestDatabase();
  admin = connect(database.adminUrl);
  for (const role of SCHEMAS) roles[role] = connect(database.url(role));
});
afterAll(async () => {
  await Promise.all([admin, ...Object.values(roles)].map((sql) => sql.end()));
  await database[Symbol.asyncDispose]();
});

const PAIRS = SCHEMAS.flatMap((role) =>
  SCHEMAS.filter((other) => other !== role).map((other) => [role, other] as const),
);
const tablesOf = async (schema: Schema) => {
  const rows = await admin`select tablename from pg_tables where schemaname = ${schema} order by 1`;
  return rows.map((row) => String(row['tablename']));
};
const DENIED = /^permission denied/;

describe.each(PAIRS)('role %s and the schema of %s', (role, other) => {
  test('can read, write, empty or drop none of its tables', async () => {
    const tables = await tablesOf(other);
    expect(tables.length).toBeGreaterThan(1);
    for (const table of tables) {
      const name = `${other}.${table}`;
      for (const statement of [
        `select count(*) from ${name}`,
        `insert into ${name} default values`,
        `delete from ${name}`,
        `truncate ${name}`,
        `copy ${name} to stdout`,
      ])
        await expect(roles[role].unsafe(statement), statement).rejects.toThrow(DENIED);
      await expect(roles[role].unsafe(`drop table ${name}`)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  test('does not see them, nor their columns', async () => {
    const seen = await roles[role]`select table_name from information_schema.tables where table_schema = ${other}`;
    const columns = await roles[role]`select column_name from information_schema.columns where table_schema = ${other}`;
    expect([...seen, ...columns]).toEqual([]);
    const [has] = await roles[role]`select has_schema_privilege(${other}, 'usage') as usage`;
    expect(has?.['usage']).toBe(false);
  });

  test('cannot use its sequences', async () => {
    const sequences = await admin`select sequencename from pg_sequences where schemaname = ${other}`;
    for (const { sequencename } of sequences)
      await expect(roles[role].unsafe(`select nextval('${other}.${sequencename}')`)).rejects.toThrow(DENIED);
  });

  test('cannot become it', async () => {
    await expect(roles[role].unsafe(`set role ${other}`)).rejects.toThrow(DENIED);
    await expect(roles[role].unsafe(`set session authorization ${other}`)).rejects.toThrow(DENIED);
    await expect(roles[role].unsafe(`grant ${other} to ${role}`)).rejects.toThrow(DENIED);
  });
});

describe.each(SCHEMAS)('role %s', (role) => {
  test('uses the rows of its own schema', async () => {
    const tables = await tablesOf(role);
    for (const table of tables) await roles[role].unsafe(`select count(*) from ${role}.${table}`);
    const seen = await roles[role]`select table_name from information_schema.tables
      where table_schema = ${role} and table_type = 'BASE TABLE'`;
    expect(seen.map((row) => row['table_name']).toSorted()).toEqual(tables);
  });

  test('can create neither tables nor schemas nor databases nor roles, not in its own schema either', async () => {
    for (const statement of [
      `create table ${role}.mine (id int)`,
      'create table public.mine (id int)',
      'create schema mine',
      'create database mine',
      'create role mine login superuser',
      'create extension dblink',
    ])
      await expect(roles[role].unsafe(statement), statement).rejects.toThrow(DENIED);
  });

  test('cannot change or drop its own tables, nor say which migrations ran', async () => {
    const [table] = await tablesOf(role);
    for (const statement of [`alter table ${role}.${table} add column mine int`, `drop table ${role}.${table}`])
      await expect(roles[role].unsafe(statement), statement).rejects.toThrow(/must be owner/);
    for (const statement of [
      `delete from ${role}.migrations`,
      `update ${role}.migrations set created_at = 0`,
      `insert into ${role}.migrations (hash, created_at) values ('x', 0)`,
    ])
      await expect(roles[role].unsafe(statement), statement).rejects.toThrow(DENIED);
  });

  test('is no administrator and cannot become one', async () => {
    const [row] = await admin`
      select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = ${role}`;
    expect(Object.values(row ?? {})).toEqual([false, false, false, false, false]);
    const memberships = await admin`select 1 from pg_auth_members where member = ${role}::regrole`;
    expect([...memberships]).toEqual([]);
    const owner = new URL(database.adminUrl).username;
    await expect(roles[role].unsafe(`set role ${owner}`)).rejects.toThrow(DENIED);
    await expect(roles[role].unsafe(`alter role ${role} superuser`)).rejects.toThrow(DENIED);
    await expect(roles[role].unsafe(`alter role ${owner} password 'mine'`)).rejects.toThrow(DENIED);
  });

  test.each(['', 'wrong'])(
    'cannot connect with the password "%s", as itself or as the administrator',
    async (password) => {
      for (const from of [database.url(role), database.adminUrl]) {
        const url = new URL(from);
        url.password = password;
        const sql = postgres(url.href, { max: 1, pass: password, onnotice: () => undefined });
        await expect(sql`select 1`).rejects.toThrow(/password authentication failed|no password|empty password/i);
        await sql.end();
      }
    },
  );
});

test('a table that a later migration makes is out of reach of the other roles too', async () => {
  await admin`create table core.later (id int)`;
  for (const role of ['settlement', 'aggregator'] as const)
    await expect(roles[role]`select * from core.later`).rejects.toThrow(DENIED);
  await admin`drop table core.later`;
});
