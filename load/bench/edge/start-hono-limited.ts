import { freePort } from '../../../local/free-port.ts';
import { fetchNpm } from '../fetch-npm.ts';
import { HONO_RATE_LIMITER, PEER_PACKAGES } from '../peer-versions.ts';
import type { Answer } from './read-answer.ts';
import type { Stand } from './stand.ts';
import { writeFixed } from './start-bare.ts';
import { CPU, node, type Running, startProgram } from './start-program.ts';

interface Limited {
  readonly answer: Answer;
  /** Requests a second. */
  readonly limit: number;
  /** Where it counts: in its own memory, or in the store. */
  readonly counts: 'memory' | 'store';
}

/** A Hono app on Node with hono-rate-limiter in front of fixed bytes. */
export async function startHonoLimited(
  { folder, store, signal }: Stand,
  { answer, limit, counts }: Limited,
): Promise<Running & { readonly url: string }> {
  const require = await fetchNpm(PEER_PACKAGES.honoRateLimiter);
  const library = require.resolve('hono-rate-limiter');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = await writeFixed({ answer, folder });
  const running = await startProgram({
    name: `hono-rate-limiter ${HONO_RATE_LIMITER}`,
    ...node('load/bench/edge/hono-limited-process.ts', library, file, String(port), String(limit)),
    ...(counts === 'store' && { env: store.env }),
    cpu: CPU.measured,
    readyUrl: url,
    signal,
  });
  return { ...running, url };
}
