import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Arrived, Order } from './arrivals-process.ts';
import type { Question } from './read-answer.ts';
import { CPU, node, ROOT } from './start-program.ts';

const run = promisify(execFile);
/** Of what it prints: 17 characters a request. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Asks at an even pace from a process of its own, on the processor of those who ask. */
export async function runArrivals(
  { url, key }: Question,
  { perSecond, seconds, signal }: { perSecond: number; seconds: number; signal: AbortSignal },
): Promise<Arrived> {
  const { port, pathname, search } = new URL(url);
  const order: Order = { port: Number(port), target: pathname + search, key, perSecond, seconds };
  const { command, args } = node('load/bench/edge/arrivals-process.ts', JSON.stringify(order));
  const options = { cwd: ROOT, signal, maxBuffer: MAX_BYTES };
  const { stdout } = await run('taskset', ['-c', CPU.rest, command, ...args], options);
  return JSON.parse(stdout) as Arrived;
}
