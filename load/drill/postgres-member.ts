import { readFile } from 'node:fs/promises';
import { setTimeout as timer } from 'node:timers/promises';
import { type LocalPostgres, type PostgresOptions, startPostgres } from '../../local/postgres.ts';
import type { Member } from './member.ts';

/**
 * So that a server whose client was killed while it waits for a lock ends, as it would on its next word to the client:
 * otherwise it would go on and commit for a buyer long gone, and "before commit" could not be told from "after".
 */
const SETTINGS = ['client_connection_check_interval=100'];

/** Postgres with everything synchronous, as in production. `SIGKILL` takes all its processes at once. */
export function postgresMember(options: PostgresOptions & { name: string }): Member {
  let running: LocalPostgres | undefined;
  const deaths: string[] = [];
  const kill = async (how: 'SIGKILL' | 'SIGQUIT' = 'SIGKILL') => {
    const ending = running;
    running = undefined;
    if (!ending) return;
    const all = [ending.pid, ...(await childrenOf(ending.pid))];
    process.kill(ending.pid, how);
    if (how === 'SIGKILL') for (const pid of all.slice(1)) killIfThere(pid);
    await ending.done.catch(() => undefined);
    for (const pid of all) while (await isAlive(pid)) await timer(5);
  };
  return {
    name: options.name,
    kind: 'postgres',
    pid: () => running?.pid,
    isUp: () => running !== undefined,
    deaths,
    async start() {
      const started = await startPostgres({ ...options, settings: [...SETTINGS, ...(options.settings ?? [])] });
      running = started;
      started.done.catch((error: Error) => {
        if (running === started) deaths.push(error.message);
      });
    },
    kill,
    [Symbol.asyncDispose]: () => kill('SIGQUIT'),
  };
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.split(' ').filter(Boolean).map(Number);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with its postmaster.
  }
}

/** A zombie that nobody has buried yet holds nothing any more. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return state !== '' && !/\) [ZX]/.test(state);
}
