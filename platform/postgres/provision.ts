import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres, { type Sql } from 'postgres';
import { z } from 'zod';
import { field, parseEnv } from '#platform/config/parse-env.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { migrationsOf, SCHEMAS, type Schema } from './migrations.ts';

/** Passwords of the services' roles. */
export type RolePasswords = Readonly<Record<Schema, string>>;

/** Any number, the same in all runs: two provisioners wait for each other. */
const PROVISION_LOCK = 7_204;

/**
 * Makes a database what this release needs: created if absent, a schema and a role for each service, migrations, grants.
 * Repeatable. The administrator owns the tables; a service's role can use its own schema's rows and nothing else.
 */
export async function provision(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const url = new URL(adminUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const cluster = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    // Locks are a database's own, but databases and roles are the cluster's: all provisioners meet in this one.
    await cluster`select pg_advisory_lock(${PROVISION_LOCK})`;
    const [found] = await cluster`select 1 from pg_database where datname = ${database}`;
    if (!found) await cluster`create database ${cluster(database)}`;
    await furnish(adminUrl, passwords);
  } finally {
    await cluster.end();
  }
}

async function furnish(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`revoke all on schema public from public`;
    for (const schema of SCHEMAS) {
      await createRole(sql, schema, passwords[schema]);
      await sql`create schema if not exists ${sql(schema)}`;
      await migrate(drizzle(sql), migrationsOf(schema));
      await grant(sql, schema);
    }
  } finally {
    await sql.end();
  }
}

async function createRole(sql: Sql, role: Schema, password: string): Promise<void> {
  const [found] = await sql`select 1 from pg_roles where rolname = ${role}`;
  if (!found) await sql`create role ${sql(role)} login`;
  // Passwords cannot be parameters of ALTER ROLE: quoted by the server itself.
  const [quoted] = await sql`select quote_literal(${password}) as literal`;
  await sql.unsafe(`alter role ${role} password ${quoted?.['literal']}`);
  await logTersely(sql, role);
}

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * A row that breaks a constraint is not repeated in the server's log: holders are in it. An administrator who may not say
 * so, as of a managed cluster, sets `log_error_verbosity=terse` for the whole of it.
 */
async function logTersely(sql: Sql, role: Schema): Promise<void> {
  await sql`alter role ${sql(role)} set log_error_verbosity = 'terse'`.catch((error: { code?: string }) => {
    if (error.code !== INSUFFICIENT_PRIVILEGE) throw error;
  });
}

async function grant(sql: Sql, schema: Schema): Promise<void> {
  const name = sql(schema);
  await sql`grant usage on schema ${name} to ${name}`;
  await sql`grant select, insert, update, delete on all tables in schema ${name} to ${name}`;
  await sql`grant usage, select on all sequences in schema ${name} to ${name}`;
  await sql`revoke insert, update, delete on ${name}.migrations from ${name}`;
}

if (import.meta.main) {
  const password = z.string().min(8, 'must be at least 8 characters');
  const shape = {
    ADMIN_DATABASE_URL: field.databaseUrl,
    CORE_DB_PASSWORD: password,
    SETTLEMENT_DB_PASSWORD: password,
    AGGREGATOR_DB_PASSWORD: password,
  };
  await runCommand('provision', async () => {
    const config = parseEnv(shape, process.env);
    await provision(config.ADMIN_DATABASE_URL, {
      core: config.CORE_DB_PASSWORD,
      settlement: config.SETTLEMENT_DB_PASSWORD,
      aggregator: config.AGGREGATOR_DB_PASSWORD,
    });
    process.stdout.write('The database is ready: roles, schemas, migrations and grants are in place.\n');
  });
}
