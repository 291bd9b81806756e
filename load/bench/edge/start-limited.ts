import { freePort } from '../../../local/free-port.ts';
import type { Answer } from './read-answer.ts';
import type { Stand } from './stand.ts';
import { writeFixed } from './start-bare.ts';
import { CPU, node, type Running, startProgram } from './start-program.ts';

/** A Hono app on Node that asks @upstash/ratelimit for each request and answers with fixed bytes. */
export async function startLimited(
  { folder, store, signal }: Stand,
  { answer, limit }: { answer: Answer; limit: number },
): Promise<Running & { readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const file = await writeFixed({ answer, folder });
  const running = await startProgram({
    name: '@upstash/ratelimit',
    ...node('load/bench/edge/limited-process.ts', file, String(port), String(limit)),
    env: store.env,
    cpu: CPU.measured,
    readyUrl: url,
    signal,
  });
  return { ...running, url };
}
