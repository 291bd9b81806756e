import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as timer } from 'node:timers/promises';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it answers by now. */
  readonly isReady: () => Promise<boolean>;
}

/** A program of the machine that serves in the foreground; disposing ends it. */
export interface Daemon extends AsyncDisposable {
  /** Rejects with its own words when it ends unasked. */
  readonly failed: Promise<never>;
}

const READY_MS = 15_000;
const LOOK_MS = 25;
const KEPT_CHARACTERS = 2_000;

/** Starts a program and waits until it answers. Rejects with its own words when it does not. */
export async function startDaemon({ command, args, isReady }: DaemonOptions): Promise<Daemon> {
  const PATH = `${process.env['PATH']}:/usr/sbin:/sbin`;
  // It ends with this process, however that ends.
  const withParent = ['--pdeathsig', 'TERM', command, ...args];
  const child = spawn('setpriv', withParent, { env: { PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      words = `${words}${chunk}`.slice(-KEPT_CHARACTERS);
    });
  let isAsked = false;
  const ended = once(child, 'exit');
  const failed = ended.then(([code, signal]) => {
    if (!isAsked) throw new Error(`${command} ended by itself (${signal ?? `code ${code}`}): ${words.trim()}`);
    return new Promise<never>(() => undefined);
  });
  failed.catch(() => undefined);
  const stop = async () => {
    isAsked = true;
    child.kill('SIGTERM');
    await ended;
  };
  const ready = async () => {
    for (const until = performance.now() + READY_MS; performance.now() < until; await timer(LOOK_MS))
      if (await isReady()) return;
    await stop();
    throw new Error(`${command} does not answer: ${words.trim()}`);
  };
  await Promise.race([ready(), failed]);
  return { failed, [Symbol.asyncDispose]: stop };
}
