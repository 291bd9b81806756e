import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { backupFolder } from './backup-folder.ts';
import { copyTree } from './copy-tree.ts';
import { writeOwned } from './write-owned.ts';

interface BackupContext {
  /** One connection as the administrator: the server ends a backup whose session ends. */
  readonly sql: Sql;
  readonly now: () => Date;
}

export interface BaseBackup {
  readonly name: string;
  readonly bytes: number;
}

/** Their contents are made anew at a start, or come out of the archive. */
const EMPTIED = /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\//;
const LEFT_OUT =
  /(^|\/)(postmaster\.(pid|opts)|(backup_label|tablespace_map)(\.old)?|pg_internal\.init[^/]*|pgsql_tmp[^/]*)$/;
/** Read last, and whole: what it says must not be older than the files. */
const CONTROL = 'global/pg_control';
const MOST_MINUTES = 60;

/**
 * Copies the files of a running Postgres on this machine into a backup folder, as its manual's "low level API" has it
 * (25.3.4): what `pg_basebackup -X none` does, where there is no such program. Under its name once it is whole, all its
 * log is archived and it is on disk. Rejects with a sentence.
 */
export async function takeBaseBackup({ sql, now }: BackupContext, path: string): Promise<BaseBackup> {
  const dataDir = await requireArchiving(sql);
  const { base } = backupFolder(path);
  const name = now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const partial = join(base, `.${name}.partial`);
  try {
    await sql.unsafe(`set statement_timeout = '${MOST_MINUTES}min'`);
    await sql`select pg_backup_start(${name}, fast => true)`;
    const skips = (file: string) => EMPTIED.test(file) || LEFT_OUT.test(file) || file === CONTROL;
    const bytes = await copyTree({ from: dataDir, to: partial, skips });
    const control = await readFile(join(dataDir, CONTROL));
    await writeOwned(join(partial, CONTROL), control);
    const [stopped] = await sql<
      { labelfile: string }[]
    >`select labelfile from pg_backup_stop(wait_for_archive => true)`;
    await writeOwned(join(partial, 'backup_label'), stopped?.labelfile ?? '');
    await rename(partial, join(base, name));
    return { name, bytes: bytes + control.length };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Resolves with the data folder. */
async function requireArchiving(sql: Sql): Promise<string> {
  const [server] = await sql<{ dataDir: string; archives: boolean }[]>`
    select current_setting('data_directory') as "dataDir",
      current_setting('archive_mode') <> 'off' and current_setting('archive_command') not in ('', '(disabled)') as archives`;
  if (!server?.archives) {
    throw new Error(
      'Postgres does not archive its log, and without it a base backup cannot be opened: set archive_mode',
    );
  }
  const { dataDir } = server;
  const isHere = await stat(join(dataDir, CONTROL)).then(
    () => true,
    () => false,
  );
  if (isHere) return dataDir;
  throw new Error(`Postgres' data folder ${dataDir} cannot be read here: run this where Postgres runs, as its account`);
}
