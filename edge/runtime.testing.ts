import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../local/free-port.ts';
import { WRANGLER, wranglerEnv } from './wrangler.testing.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name);
/** Milliseconds; wrangler bundles first. */
const START_MS = 60_000;
const STOP_MS = 10_000;

export const RUNTIMES = ['node', 'workerd', 'deno'] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** An edge as a process of its own. */
export interface RunningEdge {
  readonly url: string;
  /** Of the Node edge only. */
  readonly metricsUrl: string;
  readonly output: () => string;
  /** Ends it with SIGTERM, and its children whatever happens. Resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the edge on a runtime, `folder` being a place for what the runtime writes. Resolves when it answers. */
export async function startEdge(
  runtime: Runtime,
  options: { env: Record<string, string>; folder: string },
): Promise<RunningEdge> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const { command, args, env } = await commandOf(runtime, { ...options, port, metricsPort });
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, { cwd: ROOT, detached: true, env: { PATH, HOME, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const edge = {
    url: `http://127.0.0.1:${port}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    output: () => output,
    stop: () => stop(child),
  };
  try {
    await answers(`${edge.url}/healthz/live`, child);
    return edge;
  } catch (error) {
    await stop(child);
    throw new Error(`The edge did not start on ${runtime}: ${output}`, { cause: error });
  }
}

interface Start {
  env: Record<string, string>;
  folder: string;
  port: number;
  metricsPort: number;
}

async function commandOf(runtime: Runtime, { env, folder, port, metricsPort }: Start) {
  if (runtime === 'node') {
    const listening = { PORT: String(port), METRICS_PORT: String(metricsPort) };
    return { command: process.execPath, args: ['edge/node.ts'], env: { HOST: '127.0.0.1', ...env, ...listening } };
  }
  if (runtime === 'deno') {
    const args = ['serve', '--allow-net', '--allow-env', '--no-prompt', '--host', '127.0.0.1', '--port', String(port)];
    return {
      command: bin('deno'),
      args: [...args, 'edge/deno.ts'],
      env: { ...env, DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    };
  }
  const file = join(folder, 'worker.env');
  await writeFile(
    file,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const args = [WRANGLER, 'dev', '-c', 'edge/wrangler.jsonc', '--env', 'msk', '--env-file', file];
  const listening = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0'];
  const state = ['--persist-to', join(folder, 'worker'), '--show-interactive-dev-session=false'];
  return { command: process.execPath, args: [...args, ...listening, ...state], env: wranglerEnv(folder) };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}`);
    const good = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (good) return;
    if (Date.now() > until) throw new Error(`No answer within ${START_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(child: ChildProcess): Promise<number | null> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : Promise.resolve();
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child), STOP_MS);
  await ended;
  clearTimeout(timer);
  killGroup(child);
  return child.exitCode;
}

/** Wrangler and deno's launcher have children: the group is ours, made by `detached`. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
