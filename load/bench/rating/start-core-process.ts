import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { base64url } from 'jose';
import { HOP_HEADER } from '#contracts/hop.ts';
import { signHop } from '../../../edge/forward/sign-hop.ts';
import { freePort } from '../../../local/free-port.ts';
import type { Order, Weight } from './core-process.ts';

/** A core in a process of its own; disposing stops it. */
export interface CoreProcess extends AsyncDisposable {
  order(order: Order): Promise<Weight>;
  /** Asks as edge does. */
  get(path: string): Promise<Response>;
}

const secret = () => randomBytes(32).toString('base64url');

/** Starts core on a database that is provisioned; `signal` ends what it is waited for. */
export async function startCoreProcess(databaseUrl: string, signal: AbortSignal): Promise<CoreProcess> {
  const port = await freePort();
  const hopKey = secret();
  const child = fork(join(import.meta.dirname, 'core-process.ts'), {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    env: {
      REGION: 'msk',
      PORT: String(port),
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      OPERATOR_TOKEN: secret(),
      HOP_KEY: hopKey,
      OFFER_KEYS: `k1:${secret()}`,
    },
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => {
    throw new Error(`core ended with code ${code} while it was measured`);
  });
  ended.catch(() => undefined);
  const answer = async () => {
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    return message as Weight;
  };
  // Only the key of edge's configuration signs.
  const hop = { config: { HOP_KEY: base64url.decode(hopKey) }, now: Date.now };
  await answer().catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    order(order) {
      const answered = answer();
      child.send(order);
      return answered;
    },
    async get(path) {
      const signed = await signHop(hop as Parameters<typeof signHop>[0], { method: 'GET', path, requestId: 'bench' });
      return fetch(`http://127.0.0.1:${port}${path}`, { headers: { [HOP_HEADER]: signed } });
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
