import { chown, copyFile, mkdir } from 'node:fs/promises';
import { unprivilegedAccount } from '../postgres-home.ts';
import { backupFolder } from './backup-folder.ts';

const SCRIPT = new URL('./archive-wal.sh', import.meta.url).pathname;

/** Makes a backup folder, or brings its script up to date; as root, for the account that Postgres runs as. */
export async function prepareFolder(path: string): Promise<void> {
  const { base, log, script } = backupFolder(path);
  for (const folder of [base, log]) await mkdir(folder, { recursive: true, mode: 0o755 });
  await copyFile(SCRIPT, script);
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await unprivilegedAccount();
  for (const owned of [path, base, log]) await chown(owned, uid, gid);
}
