import type { ReplayAnswer, ReplayRequest } from '#contracts/outbox.ts';
import { POLICIES } from '#contracts/topics.ts';
import { type ReplayFrom, replay } from '#platform/outbox/replay.ts';
import type { CoreContext } from '../context.ts';

/** Sends the events of policies again, and leaves a line in the log that says who wanted what. Throws InvalidRequest. */
export async function replayPolicies(
  ctx: Pick<CoreContext, 'sql' | 'log' | 'poke'>,
  { from, partitions, reason }: ReplayRequest,
): Promise<ReplayAnswer> {
  const told = await replay(ctx.sql, {
    schema: 'core',
    topic: POLICIES,
    from: pointOf(from),
    ...(partitions && { partitions }),
  });
  ctx.log.warn({ reason, from, events: told.events, partitions: told.partitions }, 'outbox replayed');
  ctx.poke();
  return { ...told, partitions: [...told.partitions] };
}

/** The contract lets through these three alone. */
function pointOf(from: string): ReplayFrom {
  if (from === 'beginning') return from;
  const at = new Date(from);
  return Number.isNaN(at.getTime()) ? { eventId: from } : { at };
}
