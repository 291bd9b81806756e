import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { READY } from './in-child.ts';

/** A process that may be killed at any time and comes back. Disposing ends it. */
export interface Member extends AsyncDisposable {
  /** Whether the process that is there now is at its work. */
  readonly isUp: boolean;
  /** `kill -9`; resolves once it is gone and another is started in its place. */
  kill(): Promise<void>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Says something to it; a process that comes later does not hear it. */
  say(message: string): void;
  /** Resolves when the process ends by itself; rejects when it does so with a code. */
  readonly done: Promise<void>;
}

interface MemberOptions {
  /** As its file in this folder is named: `relay-process`. */
  readonly entry: string;
  /** Of the process that is started, and of each after it. */
  readonly config: (life: number) => object;
  /** For compiled code, so that a restart is quick. */
  readonly folder: string;
  readonly onMessage?: (message: unknown) => void;
}

export function startMember({ entry, config, folder, onMessage }: MemberOptions): Member {
  const done = Promise.withResolvers<void>();
  done.promise.catch(() => undefined);
  let life = 0;
  let isUp = false;
  const launch = () => {
    const child = fork(join(import.meta.dirname, `${entry}.ts`), [JSON.stringify(config(life))], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    isUp = false;
    child.on('message', (message) => {
      if (message === READY) isUp = true;
      else onMessage?.(message);
    });
    child.on('exit', (code) => {
      if (code === 0) done.resolve();
      else if (code !== null) done.reject(new Error(`${entry} ended with code ${code}: ${said.trim()}`));
    });
    life += 1;
    return child;
  };
  let child = launch();
  return {
    get isUp() {
      return isUp;
    },
    done: done.promise,
    async kill() {
      await end(child);
      child = launch();
    },
    signal: (signal) => void child.kill(signal),
    say: (message) => void (child.connected && child.send(message, () => undefined)),
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
