import { isAbsolute, join } from 'node:path';

/** What a backup folder has: base backups by the time they were begun, the archived log, and the script that archives. */
export interface BackupFolder {
  readonly base: string;
  readonly log: string;
  readonly script: string;
}

/** The places of a backup folder. Throws a sentence: the path stands in commands that Postgres gives to a shell. */
export function backupFolder(path: string): BackupFolder {
  if (!isAbsolute(path) || !/^[\w./-]+$/.test(path)) {
    throw new Error(
      `The backup folder is "${path}" but must be an absolute path of letters, digits, dots, dashes and underscores`,
    );
  }
  return { base: join(path, 'base'), log: join(path, 'log'), script: join(path, 'archive-wal.sh') };
}

/** How Postgres archives into a folder, as `name=value`. What is younger than `everySeconds` is lost with the disk. */
export function archiveSettings(path: string, { everySeconds }: { everySeconds: number }): string[] {
  const { script, log } = backupFolder(path);
  return ['archive_mode=on', `archive_timeout=${everySeconds}`, `archive_command=/bin/sh ${script} %p ${log}/%f`];
}

/** How Postgres finds what was archived; a file that is not there must not be one of no bytes. */
export function restoreCommand(path: string): string {
  const { log } = backupFolder(path);
  return `test -f ${log}/%f.gz && gzip -dc ${log}/%f.gz > %p`;
}
