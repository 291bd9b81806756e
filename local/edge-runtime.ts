import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { ConfigError } from '#platform/config/parse-env.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { OFFLINE_WRANGLER } from './offline-wrangler.ts';
import { readDemo } from './read-demo.ts';

interface Runtime {
  readonly port: number;
  readonly command: string;
  readonly args: (envFile: string, port: number) => string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The same edge app on the other two runtimes it is made for. Quiet, and without calls to their makers. */
const RUNTIMES: Readonly<Record<string, Runtime>> = {
  worker: {
    port: 8777,
    command: 'wrangler',
    args: (envFile, port) => [
      'dev',
      '-c',
      'edge/wrangler.jsonc',
      '--env-file',
      envFile,
      '--port',
      String(port),
      '--ip',
      '127.0.0.1',
    ],
    env: OFFLINE_WRANGLER,
  },
  deno: {
    port: 8778,
    command: 'deno',
    args: (envFile, port) => [
      'serve',
      '--allow-net',
      '--allow-env',
      `--env-file=${envFile}`,
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      'edge/deno.ts',
    ],
    env: { DENO_NO_UPDATE_CHECK: '1' },
  },
};

// npm run edge [-- region], npm run edge:deno [-- region]: beside a running npm start, on the core of one of its regions.
await runCommand('edge', async () => {
  const [name = '', wanted] = process.argv.slice(2);
  const runtime = RUNTIMES[name];
  if (!runtime) throw new ConfigError(`The runtime is "${name}" but must be ${Object.keys(RUNTIMES).join(' or ')}.`);
  const { regions } = await readDemo();
  const region = wanted ? regions.find((candidate) => candidate.name === wanted) : regions[0];
  if (!region) {
    throw new ConfigError(
      `The region is "${wanted}" but must be one that runs: ${regions.map((one) => one.name).join(', ')}.`,
    );
  }
  process.stdout.write(
    `The edge of ${region.name} on ${name}: http://127.0.0.1:${runtime.port} (core ${region.core}). Ctrl-C stops it.\n`,
  );
  const args = runtime.args(resolve(`.local/${region.name}/edge.env`), runtime.port);
  const child = spawn(runtime.command, args, { stdio: 'inherit', env: { ...process.env, ...runtime.env } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 0;
});
