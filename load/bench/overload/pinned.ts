import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Has this process, and so all that it starts meanwhile, on one processor alone; afterwards where it was. Linux. */
export async function pinned<Result>(cpu: string, work: () => Promise<Result>): Promise<Result> {
  const set = (list: string) => run('taskset', ['-a', '-p', '-c', list, String(process.pid)]);
  const { stdout } = await run('taskset', ['-p', '-c', String(process.pid)]);
  const before = /list: (\S+)/.exec(stdout)?.[1];
  if (before === undefined)
    throw new Error(`taskset says "${stdout.trim()}", not which processors this process may use`);
  await set(cpu);
  try {
    return await work();
  } finally {
    await set(before);
  }
}
