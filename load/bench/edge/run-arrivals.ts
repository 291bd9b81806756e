import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Arrived, Order } from './arrivals-process.ts';
import type { Question } from './read-answer.ts';
import { CPU, node, ROOT } from './start-program.ts';

const run = promisify(execFile);
/** Of what it prints: 17 characters a request. */
const MAX_BYTES = 64 * 1024 * 1024;

type OfEach<Questions> = { [At in keyof Questions]: Arrived };

/** Asks at an even pace from a process of its own, on the processor of those who ask; several in turn. */
export async function runArrivals<const Questions extends readonly Question[]>(
  questions: Questions,
  { perSecond, seconds, signal }: { perSecond: number; seconds: number; signal: AbortSignal },
): Promise<OfEach<Questions>> {
  const asked = questions.map(({ url, key }) => {
    const { port, pathname, search } = new URL(url);
    return { port: Number(port), target: pathname + search, key };
  });
  const order: Order = { asked, perSecond, seconds };
  const { command, args } = node('load/bench/edge/arrivals-process.ts', JSON.stringify(order));
  const options = { cwd: ROOT, signal, maxBuffer: MAX_BYTES };
  const { stdout } = await run('taskset', ['-c', CPU.rest, command, ...args], options);
  return JSON.parse(stdout) as OfEach<Questions>;
}
