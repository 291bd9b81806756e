import type { CoreContext } from '../context.ts';
import { readDrain } from './read-drain.ts';

/** Rejects while this region is drained. */
export async function requireInService(ctx: Pick<CoreContext, 'db'>): Promise<void> {
  const { drained, since } = await readDrain(ctx);
  if (drained) throw new Error(`Drained since ${since}`);
}
