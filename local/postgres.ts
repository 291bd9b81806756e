import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Service } from '#platform/lifecycle/service.ts';
import { findPostgresHome, type PostgresHome } from './postgres-home.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Relative to the project, or absolute. Made when absent; kept. */
  readonly dataDir: string;
  readonly port: number;
  /** Of the administrator `postgres`; fixed when the folder is made. */
  readonly password: string;
  readonly logFile: string;
  /** Settings besides the defaults, as `name=value`. */
  readonly settings?: readonly string[];
}

/** A running cluster on 127.0.0.1. */
export interface LocalPostgres extends Service {
  readonly pid: number;
  readonly dataDir: string;
}

/** Milliseconds to recover and open; a crashed cluster replays its log first. */
const START_MS = 60_000;
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=80',
  'shared_buffers=64MB',
  'jit=off',
  // So that the time from one commit to another can be read off the rows (npm run bench).
  'track_commit_timestamp=on',
];

/**
 * Starts Postgres in a folder, making it first when it is new. Rejects with a sentence naming the folder when its contents are damaged.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const home = await findPostgresHome(options.dataDir);
  if ((await readdir(home.dataDir)).length === 0) await initialise(home, options);
  else await requireCluster(home.dataDir);
  const log = await open(options.logFile, 'a');
  const settings = [`port=${options.port}`, ...SETTINGS, ...(options.settings ?? [])].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const child = spawn(home.bin.postgres, ['-D', home.dataDir, ...settings], {
    ...account(home),
    cwd: '/',
    // A process group of its own: Ctrl-C in the terminal must reach the services first.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const exited = once(child, 'exit');
  await ready(child, home.dataDir, options);
  let stopping = false;
  const done = exited.then(([code]) => {
    if (!stopping) throw new Error(`Postgres on port ${options.port} ended with code ${code}: see ${options.logFile}`);
  });
  // Whoever waits for it hears of it; nobody waiting yet must not end the process.
  done.catch(() => undefined);
  return {
    pid: child.pid as number,
    dataDir: home.dataDir,
    done,
    async [Symbol.asyncDispose]() {
      stopping = true;
      child.kill('SIGINT');
      await exited;
    },
  };
}

const account = (home: PostgresHome) => (home.uid === undefined ? {} : { uid: home.uid, gid: home.gid as number });

async function initialise(home: PostgresHome, options: PostgresOptions): Promise<void> {
  const passwordFile = `${home.dataDir}.password`;
  await writeFile(passwordFile, options.password, { mode: 0o644 });
  const flags = [
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  try {
    await run(home.bin.initdb, ['-D', home.dataDir, ...flags], { ...account(home), cwd: '/' });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new Error(`Cannot make a database in ${home.dataDir}: ${said}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function requireCluster(dataDir: string): Promise<void> {
  const version = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version?.trim() === '18') return;
  const found = version ? `it is of Postgres ${version.trim()}, not 18` : 'it has no PG_VERSION';
  throw new Error(
    `The data folder ${dataDir} is damaged (${found}): restore it, or run "npm run clean" to start without data`,
  );
}

/** Postgres writes its state into the eighth line of postmaster.pid; `ready` there is what pg_ctl waits for too. */
async function ready(child: ChildProcess, dataDir: string, options: PostgresOptions): Promise<void> {
  const until = performance.now() + START_MS;
  // A panic ends it by a signal, without a code.
  while (child.exitCode === null && child.signalCode === null && performance.now() < until) {
    const lines = await postmasterLines(dataDir);
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return;
    await timer(20);
  }
  child.kill('SIGQUIT');
  const log = await readFile(options.logFile, 'utf8').catch(() => '');
  const said =
    log
      .split('\n')
      .findLast((line) => /FATAL|PANIC/.test(line))
      ?.trim() ?? `nothing (see ${options.logFile})`;
  throw new Error(
    `Postgres does not start from ${dataDir}; it says: ${said}. If the folder is damaged, restore it, or run "npm run clean" to start without data`,
  );
}

const postmasterLines = async (dataDir: string): Promise<string[]> =>
  (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');

/** Ends the server that a start killed by `kill -9` left running on this folder, if there is one. */
export async function endOrphanedPostgres(wanted: string): Promise<void> {
  const { dataDir } = await findPostgresHome(wanted);
  const pid = Number((await postmasterLines(dataDir))[0]);
  if (!pid || !(await isPostgresOf(pid, dataDir))) return;
  process.kill(pid, 'SIGINT');
  const until = performance.now() + 10_000;
  while ((await isPostgresOf(pid, dataDir)) && performance.now() < until) await timer(20);
}

/** Whether `pid` is a Postgres server on this folder and not a stranger that was given the same number. */
async function isPostgresOf(pid: number, dataDir: string): Promise<boolean> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (fromProc !== undefined) return fromProc.includes(dataDir);
  if (process.platform === 'linux') return false;
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(dataDir);
}
