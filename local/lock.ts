import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';

const FILE = '.local/supervisor.pid';

/** One start at a time in a folder: two would share a database. The lock of a killed start does not count. */
export async function lockFolder(): Promise<AsyncDisposable> {
  await mkdir('.local/logs', { recursive: true });
  const pid = Number(await readFile(FILE, 'utf8').catch(() => ''));
  if (pid && pid !== process.pid && (await isOurs(pid))) {
    throw new Error(
      `InsureTech is already running from this folder (process ${pid}): stop it first with Ctrl-C or kill ${pid}`,
    );
  }
  await writeFile(FILE, String(process.pid));
  return { [Symbol.asyncDispose]: () => rm(FILE, { force: true }) };
}

/** Whether a process is a supervisor, and not a stranger with the number of one that is gone. */
async function isOurs(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'local/main.ts');
  return command.includes('local/main.ts');
}
