import { expect, test } from 'vitest';
import { archiveSettings, backupFolder, restoreCommand } from './backup-folder.ts';

test('the commands that Postgres is given name the folder', () => {
  expect(archiveSettings('/srv/backup', { everySeconds: 30 })).toEqual([
    'archive_mode=on',
    'archive_timeout=30',
    'archive_command=/bin/sh /srv/backup/archive-wal.sh %p /srv/backup/log/%f',
  ]);
  expect(restoreCommand('/srv/backup')).toBe('test -f /srv/backup/log/%f.gz && gzip -dc /srv/backup/log/%f.gz > %p');
});

test.each(['backup', '/srv/back up', "/srv/a'b", '/srv/$(reboot)', '/srv/%p', ''])(
  'a folder that a shell would read otherwise is refused with a sentence: %j',
  (path) => {
    expect(() => backupFolder(path)).toThrow(`The backup folder is "${path}" but must be an absolute path of`);
  },
);
