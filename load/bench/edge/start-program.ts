import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as timer } from 'node:timers/promises';
import { processorTime } from './processor-time.ts';

/** Of the repository. */
export const ROOT = new URL('../../..', import.meta.url).pathname;

/** One processor is for what is measured alone, all else has another: who asks, core, Postgres and the store. */
export const CPU = { measured: '0', rest: '1' } as const;

export interface Program {
  /** As it is called when it fails. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cpu: string;
  /** Answers as soon as it is ready, whatever it says. */
  readonly readyUrl: string;
  readonly signal: AbortSignal;
}

/** A program that serves; disposing ends it. */
export interface Running extends AsyncDisposable {
  /** As it is called when it fails. */
  readonly name: string;
  /** Sends a message and waits for the answer: of programs of our own only. */
  ask<Answer>(message: object): Promise<Answer>;
  /** Processor time that it has used, s. */
  cpuSeconds(): Promise<number>;
}

const READY_MS = 40_000;
const STOP_MS = 5_000;

/** Node on a file of this repository. */
export const node = (file: string, ...args: string[]) => ({
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', '--import', './local/die-with-parent.ts', file, ...args],
});

/** Starts a program on one processor and waits until it answers. Rejects with its own words when it does not. */
export async function startProgram(program: Program): Promise<Running> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('taskset', ['-c', program.cpu, program.command, ...program.args], {
    cwd: ROOT,
    env: { PATH, HOME, NODE_ENV: 'production', ...program.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  child.stderr?.on('data', (chunk) => (words = `${words}${chunk}`.slice(-2_000)));
  const stop = () => end(child);
  try {
    await answers(child, program);
  } catch (error) {
    await stop();
    throw new Error(`${program.name} did not start: ${words.trim() || (error as Error).message}`);
  }
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program.name} ended with code ${code} while it was measured: ${words.trim()}`);
  });
  ended.catch(() => undefined);
  return {
    name: program.name,
    async ask(message) {
      const answered = once(child, 'message', { signal: program.signal });
      child.send(message);
      const [answer] = await Promise.race([answered, ended]);
      return answer;
    },
    cpuSeconds: () => processorTime(child.pid as number),
    [Symbol.asyncDispose]: stop,
  };
}

async function answers(child: ChildProcess, { readyUrl, signal }: Program): Promise<void> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    signal.throwIfAborted();
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer) return;
    await timer(25);
  }
  throw new Error(`no answer within ${READY_MS / 1_000} s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(late);
}
