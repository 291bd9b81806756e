import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '#platform/lifecycle/serve.ts';
import { answersOf } from './answers-of.testing.ts';
import type { Answer, Happening } from './exchange.testing.ts';
import { openRegion } from './open-region.testing.ts';

export interface Reference {
  /** What the edge on Node answers. */
  readonly answers: Record<string, Answer[]>;
  readonly workerEnv: Record<string, string>;
  /** A POST of what happens makes it happen. */
  readonly happenUrl: string;
  close(): Promise<void>;
}

/** What a worker's tests need of Node: its answers to compare with, and a region like the one it had. */
export async function openReference(): Promise<Reference> {
  // All projects are set up first, and the worker's tests may have their turn long after.
  const offersEndAt = Date.now() + 6 * 3_600_000;
  const folder = await mkdtemp(join(tmpdir(), 'edge-reference-'));
  // Thrown from here a fault would end the tests of every project; with no answers each comparison fails, and no other.
  const answers = await answersOf('node', { folder, offersEndAt }).catch((error: Error) => {
    process.stderr.write(`There are no answers of Node to compare with: ${error.message}\n`);
    return {};
  });
  await rm(folder, { recursive: true, force: true });
  const stack = new AsyncDisposableStack();
  const region = stack.use(await openRegion(offersEndAt));
  const happen = async (request: Request) => {
    await region.happen((await request.text()) as Happening);
    return new Response();
  };
  const { port } = stack.use(await serve(happen, { host: '127.0.0.1', port: 0, quietMs: 0 }));
  return {
    answers,
    workerEnv: region.env,
    happenUrl: `http://127.0.0.1:${port}`,
    close: () => stack.disposeAsync(),
  };
}
