import { writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { freePort } from '../../../local/free-port.ts';
import type { Bundle } from './bundle-worker.ts';
import { CPU, type Running, startProgram } from './start-program.ts';

interface Worker {
  readonly name: string;
  readonly bundle: Bundle;
  /** A file beside the bundle that it imports as bytes. */
  readonly data?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What Cap'n Proto reads as text is written as JSON is. */
const text = (value: string) => JSON.stringify(value);

function configOf({ bundle, data, env = {} }: Worker, { port, at }: { port: number; at: string }): string {
  const { compatibilityDate, compatibilityFlags } = bundle;
  const modules = [
    `(name = "worker", esModule = embed ${text(relative(at, bundle.file))})`,
    ...(data ? [`(name = ${text(data)}, data = embed ${text(data)})`] : []),
  ];
  const bindings = Object.entries(env).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    # Unlike a deployed one it may call this machine: core and the store are here.
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "worker")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(', ')}],
  compatibilityDate = ${text(compatibilityDate)},
  compatibilityFlags = [${compatibilityFlags.map(text).join(', ')}],
  bindings = [${bindings.join(', ')}],
);
`;
}

/** Serves a worker with workerd alone, without wrangler's proxies around it. */
export async function startWorkerd(worker: Worker): Promise<Running & { readonly url: string }> {
  const [port, at] = [await freePort(), dirname(worker.bundle.file)];
  const config = join(at, `config-${port}.capnp`);
  await writeFile(config, configOf(worker, { port, at }), { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram({
    name: worker.name,
    command: 'node_modules/workerd/bin/workerd',
    args: ['serve', config],
    cpu: CPU.measured,
    readyUrl: `${url}/healthz/live`,
    signal: worker.signal,
  });
  return { ...running, url };
}
