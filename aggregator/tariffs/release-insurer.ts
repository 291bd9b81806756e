import { NotFound } from '#platform/problem/domain-error.ts';
import type { AggregatorContext } from '../context.ts';
import { releaseReply } from './accept-reply.ts';

/** Publishes the reply put aside of an insurer; `why` is kept. Returns how many tariffs changed. Throws NotFound. */
export async function releaseInsurer(
  ctx: Pick<AggregatorContext, 'db' | 'now' | 'poke' | 'log'>,
  { insurer, why }: { insurer: string; why: string },
): Promise<number> {
  const changed = await ctx.db.transaction((tx) => releaseReply(tx, { insurer, at: ctx.now(), why }));
  if (changed === undefined) throw new NotFound(`A quarantined reply of insurer "${insurer}"`);
  ctx.poke();
  ctx.log.warn({ insurer, changed, why }, 'quarantined reply released by an operator');
  return changed;
}
