import { execFile } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where and on what figures were measured: without it they mean nothing. */
export type Machine = Awaited<ReturnType<typeof readMachine>>;

/** Reads the machine as it is now, with what else it was busy with: `load` is of the last minute, before the benchmark. */
export async function readMachine(now: Date) {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    date: now.toISOString(),
    commit: await commit(),
  };
}

/** Unknown in a folder that is no clone. */
async function commit(): Promise<string> {
  try {
    const { stdout: head } = await run('git', ['rev-parse', '--short', 'HEAD']);
    const { stdout: changes } = await run('git', ['status', '--porcelain']);
    return head.trim() + (changes.trim() === '' ? '' : ' and changes');
  } catch {
    return 'unknown';
  }
}
