import postgres from 'postgres';
import { field, parseEnv } from '#platform/config/parse-env.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { archiveSettings } from './backup/backup-folder.ts';
import { findLost } from './backup/find-lost.ts';
import { lostLines } from './backup/lost-lines.ts';
import { parseCommand } from './backup/parse-command.ts';
import { prepareFolder } from './backup/prepare-folder.ts';
import { restoreCluster } from './backup/restore-cluster.ts';
import { takeBaseBackup } from './backup/take-base-backup.ts';

// A region's database kept in a folder, and put back from it: k8s/RECOVERY.md. `take` and `lost` ask the administrator's
// connection, ADMIN_DATABASE_URL.

async function asAdmin<Result>(work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const { ADMIN_DATABASE_URL: url } = parseEnv({ ADMIN_DATABASE_URL: field.databaseUrl }, process.env);
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  return work(sql).finally(() => sql.end());
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

async function run(command: ReturnType<typeof parseCommand>): Promise<readonly string[]> {
  switch (command.form) {
    case 'prepare': {
      await prepareFolder(command.folder);
      const settings = archiveSettings(command.folder, { everySeconds: command.every });
      return [
        'Set in Postgres, and start it again:',
        ...settings.map((setting) => setting.replace(/=(.*)/, " = '$1'")),
      ];
    }
    case 'take': {
      const { name, bytes } = await asAdmin((sql) => takeBaseBackup({ sql, now: () => new Date() }, command.folder));
      return [`Base backup ${name}: ${megabytes(bytes)}.`];
    }
    case 'restore': {
      const { name, bytes } = await restoreCluster(command.folder, command.data);
      return [`Base backup ${name} is in ${command.data}: ${megabytes(bytes)}. Start Postgres there.`];
    }
    case 'lost':
      return lostLines(await asAdmin(findLost));
  }
}

await runCommand('backup', async () => {
  process.stdout.write(`${(await run(parseCommand(process.argv.slice(2)))).join('\n')}\n`);
});
