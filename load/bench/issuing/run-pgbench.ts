import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Database } from './stand.ts';

const run = promisify(execFile);

interface Transactions {
  readonly protocol: 'simple' | 'prepared';
  readonly clients: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

/**
 * Transactions a second of pgbench.sql, by so many clients: six statements, each sent by itself, as text (`simple`, which
 * pgbench does unless told otherwise) or prepared. Throws a sentence when pgbench is missing or a transaction failed.
 */
export async function runPgbench(
  database: Database,
  { protocol, clients, count, signal }: Transactions,
): Promise<number> {
  const script = join(import.meta.dirname, 'pgbench.sql');
  const each = String(count / clients);
  const flags = ['-n', '-M', protocol, '-c', String(clients), '-j', '2', '-t', each, '-f', script];
  const { stdout } = await run('pgbench', [...flags, database.url('core')], { signal }).catch((error) => {
    if (error.code === 'ENOENT') throw new Error('pgbench is missing: apt-get install postgresql-contrib');
    throw error;
  });
  const perSecond = Number(/tps = ([\d.]+) \(without initial connection time\)/.exec(stdout)?.[1]);
  if (!stdout.includes(`actually processed: ${count}/${count}`) || !(perSecond > 0)) {
    throw new Error(`pgbench did not do all of its ${count} transactions: ${stdout}`);
  }
  return perSecond;
}
