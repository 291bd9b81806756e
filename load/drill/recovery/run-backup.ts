import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `npm run backup -- ...`, as the runbook says it (k8s/RECOVERY.md); resolves with what it said, rejects with its sentence. */
export async function runBackup(args: readonly string[], { adminUrl }: { adminUrl: string }): Promise<string> {
  const env = { PATH: process.env['PATH'], ADMIN_DATABASE_URL: adminUrl };
  const command = ['--disable-warning=ExperimentalWarning', 'local/backup.ts', ...args];
  const { stdout } = await run(process.execPath, command, { env }).catch((error: Error & { stderr?: string }) => {
    throw new Error(error.stderr?.trim() || error.message);
  });
  return stdout.trim();
}
