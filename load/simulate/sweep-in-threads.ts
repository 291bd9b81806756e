import { Worker } from 'node:worker_threads';
import type { Seeds, Swept } from './sweep.ts';
import type { Asked } from './sweep-thread.ts';

interface Options {
  readonly threads: number;
  readonly fault?: string | undefined;
  /** Told of runs that went well, some at a time. */
  readonly onRuns: (runs: number) => void;
  readonly signal: AbortSignal;
}

/** Deals seeds to threads. Each ends with the first of its own that breaks, so the lowest of these is the lowest of all. */
export async function sweepInThreads({ from, to }: Seeds, options: Options): Promise<Swept> {
  const { threads, fault } = options;
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, n) =>
      runThread({ seeds: { from: from + n, to, step: threads }, fault }, options),
    ),
  );
  const broken = parts.flatMap((part) => part.broken ?? []).sort((a, b) => a.seed - b.seed);
  return {
    runs: parts.reduce((sum, part) => sum + part.runs, 0),
    events: parts.reduce((sum, part) => sum + part.events, 0),
    ...(broken[0] && { broken: broken[0] }),
  };
}

function runThread(asked: Asked, { onRuns, signal }: Options): Promise<Swept> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./sweep-thread.ts', import.meta.url), { workerData: asked });
    const stop = () => {
      void thread.terminate();
      reject(signal.reason);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    thread.on('error', reject);
    thread.on('message', (said: { runs: number } | { swept: Swept }) => {
      if ('runs' in said) return onRuns(said.runs);
      signal.removeEventListener('abort', stop);
      resolve(said.swept);
    });
  });
}
