import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFolder, restoreCommand } from './backup-folder.ts';
import { copyTree } from './copy-tree.ts';
import type { BaseBackup } from './take-base-backup.ts';
import { writeOwned } from './write-owned.ts';

const NAME = /^\d{8}T\d{6}Z$/;
const CONFIGURATION = 'postgresql.auto.conf';
const OURS = /^(restore_command|recovery_target_timeline|hot_standby)\s*=/;

/**
 * Puts the newest base backup of a folder into `dataDir`, which must be empty or absent. Postgres, started there with the
 * settings that it had, takes in all that was archived since, also in later lives, and begins a new one by itself.
 * Rejects with a sentence.
 */
export async function restoreCluster(path: string, dataDir: string): Promise<BaseBackup> {
  const { base } = backupFolder(path);
  const name = (await readdir(base).catch(() => []))
    .filter((found) => NAME.test(found))
    .sort()
    .at(-1);
  if (!name) throw new Error(`There is no base backup in ${base}`);
  if ((await readdir(dataDir).catch(() => [])).length > 0) {
    throw new Error(`The folder ${dataDir} is not empty: move it away first, nothing is overwritten`);
  }
  const bytes = await copyTree({ from: join(base, name), to: dataDir });
  const kept = (await readFile(join(dataDir, CONFIGURATION), 'utf8')).split('\n').filter((line) => !OURS.test(line));
  await writeOwned(join(dataDir, CONFIGURATION), [...kept.filter(Boolean), ...recoverySettings(path), ''].join('\n'));
  await writeOwned(join(dataDir, 'recovery.signal'), '');
  return { name, bytes };
}

/** Nobody is let in before the recovery is over: until then it answers with what was, and takes no writes. */
const recoverySettings = (path: string): string[] => [
  `restore_command = '${restoreCommand(path)}'`,
  "recovery_target_timeline = 'latest'",
  'hot_standby = off',
];
