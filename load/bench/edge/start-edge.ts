import { freePort } from '../../../local/free-port.ts';
import type { Bundle } from './bundle-worker.ts';
import { CPU, node, type Running, startProgram } from './start-program.ts';
import { startWorkerd } from './start-workerd.ts';

export const RUNTIMES = ['workerd', 'node'] as const;
export type Runtime = (typeof RUNTIMES)[number];

export type Edge = Running & { readonly url: string };

interface Options {
  readonly bundle: Bundle;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** The edge as it is deployed. It logs what goes wrong, not each request: nor does what it is compared with. */
export async function startEdge(runtime: Runtime, { bundle, env, signal }: Options): Promise<Edge> {
  const name = `the edge on ${runtime}`;
  const quiet = { REGION: 'msk', LOG_LEVEL: 'warn', ...env };
  if (runtime === 'workerd') return startWorkerd({ name, bundle, env: quiet, signal });
  const port = await freePort([0, 4]);
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram({
    name,
    ...node('edge/node.ts'),
    env: { ...quiet, HOST: '127.0.0.1', PORT: String(port) },
    cpu: CPU.measured,
    readyUrl: `${url}/healthz/live`,
    signal,
  });
  return { ...running, url };
}
