import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';
import { shelterOf } from './postgres-home.ts';
import type { Demo } from './read-demo.ts';

/** A folder with the project in it and no data: what is started there keeps to itself. */
export interface Checkout extends AsyncDisposable {
  readonly dir: string;
  /** A row of ports that nothing listens on. */
  readonly port: number;
}

/** What a program printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
}

/** The ports of `npm start`, from the first edge's. */
const ROW = [...Array.from({ length: 30 }, (_, offset) => offset), 113];

const project = resolve(import.meta.dirname, '..');
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

/** Links the project into a new folder of mode 700, as a clone in a private place would be. */
export async function checkout(): Promise<Checkout> {
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-start-'));
  for (const name of await readdir(project)) {
    if (!name.startsWith('.')) await symlink(join(project, name), join(dir, name));
  }
  return {
    dir,
    port: await freePort(ROW),
    async [Symbol.asyncDispose]() {
      await rm(dir, { recursive: true, force: true });
      await rm(shelterOf(dir), { recursive: true, force: true });
    },
  };
}

/** A program of the project, running in a checkout. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the output has this text; rejects when the program ends without. */
  printed(text: string): Promise<void>;
}

export const run = (dir: string, args: readonly string[], env: Record<string, string> = {}): Running =>
  launch(dir, [process.execPath, ...NODE_FLAGS, ...args], env);

export function launch(dir: string, [command = '', ...args]: readonly string[], env: Record<string, string>): Running {
  const child = spawn(command, args, {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      for (const watch of watchers) watch();
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out }));
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const watch = () => out.includes(text) && resolve();
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`it ended without printing "${text}": ${out}`)));
      }),
  };
}

/** The supervisor with some arguments, up to the moment it says that it is ready. */
export const startReady = (place: Checkout, args: readonly string[]): Promise<Running> =>
  untilReady(run(place.dir, ['local/main.ts', '--port', String(place.port), ...args]));

/** The same by `npm start`, whose shell must not keep a signal to itself. */
export const npmStartReady = (place: Checkout, args: readonly string[]): Promise<Running> =>
  untilReady(launch(place.dir, ['npm', 'start', '--', '--port', String(place.port), ...args], {}));

export async function untilReady(running: Running): Promise<Running> {
  await running.printed('Ready in');
  return running;
}

export async function stop(running: Running): Promise<Ended> {
  running.child.kill('SIGTERM');
  return running.ended;
}

export const readJson = async <T>(place: Checkout, file: string): Promise<T> =>
  JSON.parse(await readFile(join(place.dir, '.local', file), 'utf8')) as T;

export const demoOf = (place: Checkout): Promise<Demo> => readJson<Demo>(place, 'demo.json');

/** Whether a process is there, and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (state !== '') return !/\) Z/.test(state);
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux';
  } catch {
    return false;
  }
}
