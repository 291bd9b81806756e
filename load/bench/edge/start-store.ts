import { randomBytes } from 'node:crypto';
import { freePort } from '../../../local/free-port.ts';
import { CPU, node, startProgram } from './start-program.ts';
import type { Calls, Order } from './store-process.ts';

/** A store that counts its calls, and is as far away as it is told. */
export interface Store extends AsyncDisposable {
  /** For whoever uses it. */
  readonly env: { readonly UPSTASH_REDIS_REST_URL: string; readonly UPSTASH_REDIS_REST_TOKEN: string };
  /** From now on an answer takes so long, ms. Resolves to the calls since the last order. */
  order(delayMs: number): Promise<number>;
}

export async function startStore(signal: AbortSignal): Promise<Store> {
  const [port, token] = [await freePort(), randomBytes(32).toString('base64url')];
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram({
    name: 'the store',
    ...node('load/bench/edge/store-process.ts'),
    env: { PORT: String(port), UPSTASH_TOKEN: token },
    cpu: CPU.rest,
    readyUrl: `${url}/healthz/live`,
    signal,
  });
  return {
    env: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token },
    order: async (delayMs) => (await running.ask<Calls>({ delayMs } satisfies Order)).calls,
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
