import { type Runtime, startEdge } from '../runtime.testing.ts';
import { converse } from './converse.testing.ts';
import type { Answer } from './exchange.testing.ts';
import { openRegion } from './open-region.testing.ts';
import { sendRaw } from './send-raw.testing.ts';

/** Starts an edge as a process in a region of its own, and has the conversation with it over loopback. */
export async function answersOf(
  runtime: Runtime,
  options: { folder: string; offersEndAt: number },
): Promise<Record<string, Answer[]>> {
  await using region = await openRegion(options.offersEndAt);
  const edge = await startEdge(runtime, { folder: options.folder, env: region.env });
  const { send, close } = sendRaw(edge.url);
  try {
    return await converse({ send, happen: region.happen });
  } finally {
    close();
    await edge.stop();
  }
}
