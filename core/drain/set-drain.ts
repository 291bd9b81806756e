import type { Drain, DrainRequest } from '#contracts/drain.ts';
import type { CoreContext } from '../context.ts';
import { readDrain } from './read-drain.ts';
import { drain } from './table.ts';

/**
 * Has `/healthz/gslb` say no from now on, or not any more; within 1 s on every replica. All calls are served as before. A
 * region that is drained already keeps the moment since when.
 */
export async function setDrain(
  ctx: Pick<CoreContext, 'db' | 'now' | 'log'>,
  { drained, reason }: DrainRequest,
): Promise<Drain> {
  const { db, now, log } = ctx;
  if (drained) {
    const row = { only: true, since: now().toISOString(), reason };
    await db.insert(drain).values(row).onConflictDoUpdate({ target: drain.only, set: { reason } });
  } else await db.delete(drain);
  log.warn({ drained, reason }, 'the drain was set');
  return readDrain(ctx);
}
