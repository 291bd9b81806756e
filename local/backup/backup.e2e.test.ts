import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { type LocalPostgres, startPostgres } from '../postgres.ts';
import { archiveSettings } from './backup-folder.ts';

const run = promisify(execFile);
const PASSWORD = 'password-of-a-test';

let room: string;
let port: number;
let server: LocalPostgres;
const folder = () => join(room, 'backup');
const dataDir = () => join(room, 'data');
const adminUrl = () => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'insuretech-backup-'));
  await chmod(room, 0o755);
  port = await freePort();
  await backup('prepare', '--folder', folder());
  server = await start();
  await query('create table kept (id int primary key)');
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(room, { recursive: true });
});

async function backup(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], ADMIN_DATABASE_URL: adminUrl() };
  const node = ['--disable-warning=ExperimentalWarning', 'local/backup.ts'];
  const { stdout } = await run(process.execPath, [...node, ...args], { env });
  return stdout.trim();
}

const start = (settings = archiveSettings(folder(), { everySeconds: 3_600 })) =>
  startPostgres({ dataDir: dataDir(), port, password: PASSWORD, logFile: join(room, 'postgres.log'), settings });

async function query(statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(adminUrl(), { max: 1, onnotice: () => undefined });
  return [...(await sql.unsafe(statement).finally(() => sql.end()))];
}
const kept = async () => (await query('select id from kept order by id')).map((row) => row['id']);
const timeline = async () => (await query('select timeline_id from pg_control_checkpoint()'))[0]?.['timeline_id'];

/** Resolves when all that is written by now is in the archive. */
async function archived(): Promise<void> {
  const [row] = await query('select pg_walfile_name(pg_switch_wal()) as name');
  await expect.poll(() => readdir(join(folder(), 'log')), { timeout: 10_000 }).toContain(`${row?.['name']}.gz`);
}

async function loseDisk(): Promise<void> {
  process.kill(server.pid, 'SIGQUIT');
  await server.done.catch(() => undefined);
  await rm(dataDir(), { recursive: true });
}

async function putBack(): Promise<void> {
  await backup('restore', '--folder', folder(), '--data', dataDir());
  server = await start();
}

test('R2 D4 a lost disk comes back from a base backup and the log: all that was archived, in a new life, again and again', async () => {
  await query('insert into kept values (1)');
  expect(await backup('take', '--folder', folder())).toMatch(/^Base backup \d{8}T\d{6}Z: \d+ MB\.$/);
  await query('insert into kept values (2)');
  await archived();
  await query('insert into kept values (99)');
  await loseDisk();
  await putBack();
  // The last was in no finished file of the log; what the archive has is all there.
  expect(await kept()).toEqual([1, 2]);
  await query('insert into kept values (3)');
  await archived();
  await loseDisk();
  // Through the second life, from the base backup of the first.
  await putBack();
  expect(await kept()).toEqual([1, 2, 3]);
  await query('checkpoint');
  expect(await timeline()).toBe(3);
  await backup('take', '--folder', folder());
  await loseDisk();
  await putBack();
  expect(await kept()).toEqual([1, 2, 3]);
});

test('R2 nothing is overwritten, and nothing is promised that could not be put back', async () => {
  await expect(backup('restore', '--folder', folder(), '--data', dataDir())).rejects.toThrow(
    'There is no base backup in',
  );
  await backup('take', '--folder', folder());
  await expect(backup('restore', '--folder', folder(), '--data', dataDir())).rejects.toThrow(
    'is not empty: move it away',
  );
  expect(await kept()).toEqual([]);
  await server[Symbol.asyncDispose]();
  server = await start([]);
  await expect(backup('take', '--folder', folder())).rejects.toThrow('Postgres does not archive its log');
  expect(await readdir(join(folder(), 'base'))).toHaveLength(1);
});
