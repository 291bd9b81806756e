import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Sql } from 'postgres';

/** The services that own a schema; role and schema bear the same name. */
export const SCHEMAS = ['core', 'settlement', 'aggregator'] as const;
export type Schema = (typeof SCHEMAS)[number];

/** Where a service keeps its migrations, and the table that remembers which ran. */
export const migrationsOf = (schema: Schema) => ({
  migrationsFolder: new URL(`../../${schema}/migrations`, import.meta.url).pathname,
  migrationsSchema: schema,
  migrationsTable: 'migrations',
});

/** Throws a sentence when the database is behind this release, ahead of it, or empty. */
export async function requireMigrated(sql: Sql, schema: Schema): Promise<void> {
  const known = readMigrationFiles(migrationsOf(schema)).at(-1)?.folderMillis ?? 0;
  const applied = await lastApplied(sql, schema);
  if (applied < known) {
    throw new Error(
      `The database is not ready for ${schema}: run the migrations first (node platform/postgres/provision.ts)`,
    );
  }
  if (applied > known) {
    throw new Error(`The database of ${schema} is newer than this release understands: run the newer release`);
  }
}

async function lastApplied(sql: Sql, schema: Schema): Promise<number> {
  const [table] = await sql`select to_regclass(${`${schema}.migrations`}) is not null as present`;
  if (!table?.['present']) return 0;
  const [row] = await sql`select coalesce(max(created_at), 0)::text as at from ${sql(schema)}.migrations`;
  return Number(row?.['at']);
}
