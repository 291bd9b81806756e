import postgres from 'postgres';

/**
 * From the next connection on, a test's database seems to be in another life, as one put back from a backup is: a whole
 * cluster has one timeline, and tests share theirs. Postgres' own function is hidden behind one that names another timeline.
 */
export async function beginLife(adminUrl: string, timeline: number): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  const digits = timeline.toString(16).toUpperCase().padStart(8, '0');
  const database = new URL(adminUrl).pathname.slice(1);
  try {
    await sql.unsafe(`
      create schema if not exists life;
      grant usage on schema life to public;
      create or replace function life.pg_walfile_name(pg_lsn) returns text language sql as
        $$ select '${digits}' || right(pg_catalog.pg_walfile_name($1), 16) $$;
      alter database ${database} set search_path = life, "$user", public, pg_catalog`);
  } finally {
    await sql.end();
  }
}
