import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as timer } from 'node:timers/promises';
import type { Service } from '#platform/lifecycle/service.ts';
import type { ProcessList } from './process-list.ts';

export interface ProcessOptions {
  /** As printed and as its log is named: `msk-edge`. */
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once it is ready. */
  readonly readyUrl: string;
  readonly logFile: string;
  readonly say: (message: string) => void;
  readonly processes: ProcessList;
}

const READY_MS = 40_000;
const STOP_MS = 15_000;
const BACKOFF_MS = { first: 500, most: 10_000 };
/** Up for this long, a service that dies is started again at once. */
const STEADY_MS = 30_000;

/**
 * Starts a service and waits until it is ready; starts it again, with backoff, when it dies. Rejects with the service's
 * own last words when it does not come up at first.
 */
export async function superviseProcess(options: ProcessOptions): Promise<Service> {
  let child = await launch(options);
  let stopping = false;
  await ready(child, options).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  const loop = async () => {
    let backoff = BACKOFF_MS.first;
    while (!stopping) {
      const startedAt = performance.now();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (stopping) return;
      if (performance.now() - startedAt > STEADY_MS) backoff = BACKOFF_MS.first;
      options.say(
        `${options.name} died (${child.signalCode ?? `code ${child.exitCode}`}), starting it again in ${backoff} ms; its log: ${options.logFile}`,
      );
      await timer(backoff, undefined, { ref: false });
      backoff = Math.min(BACKOFF_MS.most, backoff * 2);
      if (!stopping) child = await launch(options);
    }
  };
  return {
    done: loop(),
    async [Symbol.asyncDispose]() {
      stopping = true;
      await stop(child);
    },
  };
}

async function launch({ name, entry, env, logFile, processes }: ProcessOptions): Promise<ChildProcess> {
  const log = await open(logFile, 'a');
  const flags = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
  const child = spawn(process.execPath, [...flags, '--import', './local/die-with-parent.ts', entry], {
    // Nothing of the caller's environment decides how a region behaves, but where programs are.
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_COMPILE_CACHE: '.local/compile-cache', ...env },
    // A group of its own: Ctrl-C is for the supervisor, which stops all in order.
    detached: true,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  await log.close();
  processes.started(name, child.pid);
  return child;
}

async function ready(child: ChildProcess, { name, readyUrl, logFile }: ProcessOptions): Promise<void> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(await lastWords(logFile, name));
    const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await timer(25);
  }
  throw new Error(`${name} was not ready within ${READY_MS / 1000} s: see ${logFile}`);
}

/** The sentence a service ends with on stderr; JSON lines of its log are passed over. */
async function lastWords(logFile: string, name: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  const sentence = lines.findLast((line) => line.trim() !== '' && !line.startsWith('{'));
  return sentence ? `${name} did not start. ${sentence}` : `${name} did not start: see ${logFile}`;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(late);
}
