import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as timer } from 'node:timers/promises';
import type { Kind, Member } from './member.ts';

export interface NodeMemberOptions {
  readonly name: string;
  readonly kind: Kind;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once it is ready. */
  readonly readyUrl: string;
  readonly logFile: string;
}

/** Milliseconds. Long, because what it needs may be down, and two cores start many at once. */
const START_MS = 120_000;
const READY_MS = 40_000;
const PAUSE_MS = 200;
const FLAGS = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];

/** A service of the product as a process of its own, just as `node core/main.ts` runs it. */
export function nodeMember(options: NodeMemberOptions): Member {
  const state = { life: 0, child: undefined as ChildProcess | undefined, up: false, deaths: [] as string[] };
  const revive = async (life: number) => {
    const until = performance.now() + START_MS;
    while (life === state.life) {
      const child = launch(options);
      state.child = child;
      if (await becomesReady(child, options.readyUrl)) return watch(child, life);
      await end(child);
      if (life === state.life && performance.now() > until)
        throw new Error(`${options.name} does not start: see ${options.logFile}`);
      await timer(PAUSE_MS);
    }
  };
  const watch = (child: ChildProcess, life: number) => {
    if (life !== state.life) return;
    state.up = true;
    void gone(child).then(() => {
      if (life !== state.life) return;
      state.up = false;
      state.deaths.push(lastWords(options.logFile));
      // What does not come back is noticed by whoever waits for it to be up.
      revive(life).catch(() => undefined);
    });
  };
  const kill = async () => {
    state.life += 1;
    state.up = false;
    if (state.child) await end(state.child);
  };
  return {
    name: options.name,
    kind: options.kind,
    pid: () => (state.child && isRunning(state.child) ? state.child.pid : undefined),
    isUp: () => state.up,
    deaths: state.deaths,
    start() {
      state.life += 1;
      return revive(state.life);
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

function launch({ entry, env, logFile }: NodeMemberOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...FLAGS, '--import', './local/die-with-parent.ts', entry], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_COMPILE_CACHE: '.local/compile-cache', ...env },
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

/** The sentence that a service ends with; lines of its log are JSON. */
function lastWords(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').split('\n');
  return lines.findLast((line) => line.trim() !== '' && !line.startsWith('{')) ?? 'nothing';
}

async function gone(child: ChildProcess): Promise<void> {
  if (isRunning(child)) await once(child, 'exit');
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await gone(child);
}

async function becomesReady(child: ChildProcess, readyUrl: string): Promise<boolean> {
  const until = performance.now() + READY_MS;
  while (isRunning(child) && performance.now() < until) {
    const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.body?.cancel().catch(() => undefined);
    if (answer?.ok) return true;
    await timer(50);
  }
  return false;
}
