import { eq } from 'drizzle-orm';
import { openSession } from '#platform/postgres/open-session.ts';
import type { AggregatorContext } from './context.ts';
import type { Line } from './insurers/open-line.ts';
import { publishChanges } from './tariffs/publish-changes.ts';
import { polls } from './tariffs/table.ts';

/** The longest single reply read of an insurer. */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** What became of a poll; `busy`: another replica is at it. */
export type PollOutcome =
  | { status: 'good'; changed: number }
  | { status: 'failed'; reason: string }
  | { status: 'busy' }
  | { status: 'already-polled' };

/**
 * Polls one insurer, if no other replica is doing so or has done so since `notSince`. What it sends is stored and
 * published in one transaction; a failure is recorded and changes nothing else. Rejects only when our database fails.
 */
export async function pollInsurer(
  ctx: AggregatorContext,
  line: Line,
  options: { notSince?: Date; signal: AbortSignal },
): Promise<PollOutcome> {
  const { id } = line.insurer;
  await using session = openSession(ctx.sql);
  const [lock] = await session.sql`select pg_try_advisory_lock(hashtext('poll'), hashtext(${id})) as mine`;
  if (!lock?.['mine']) return { status: 'busy' };
  if (options.notSince && (await polledSince(ctx, id, options.notSince))) return { status: 'already-polled' };
  const outcome = await collectAndPublish(ctx, line, options.signal);
  ctx.countPoll(id, outcome.status);
  return outcome;
}

async function polledSince({ db }: AggregatorContext, id: string, since: Date): Promise<boolean> {
  const [row] = await db.select({ asOf: polls.asOf }).from(polls).where(eq(polls.insurer, id));
  return row?.asOf != null && new Date(row.asOf) >= since;
}

async function collectAndPublish(ctx: AggregatorContext, line: Line, stop: AbortSignal): Promise<PollOutcome> {
  const { id } = line.insurer;
  const reply = await collect(ctx, line, stop).catch((error: unknown) => ({ error }));
  if ('error' in reply) {
    const reason = reply.error instanceof Error ? reply.error.message : String(reply.error);
    // Cut off by our own stop, the insurer has not failed.
    if (!stop.aborted) {
      ctx.log.warn({ insurer: id, err: reply.error }, 'poll failed, what is known of the insurer stays');
      await recordFailure(ctx, id, reason);
    }
    return { status: 'failed', reason };
  }
  const changed = await ctx.db.transaction((tx) =>
    publishChanges(tx, { insurer: id, collected: reply, at: ctx.now() }),
  );
  ctx.poke();
  ctx.log.info({ insurer: id, tariffs: reply.length, changed }, 'insurer polled');
  return { status: 'good', changed };
}

const collect = ({ fetch, now }: AggregatorContext, { insurer, baseUrl, guard }: Line, stop: AbortSignal) =>
  guard.execute(({ signal }) => insurer.collect({ fetch, signal, maxBytes: MAX_REPLY_BYTES, now }, baseUrl), stop);

async function recordFailure({ db, now }: AggregatorContext, insurer: string, reason: string): Promise<void> {
  const set = { polledAt: now().toISOString(), outcome: `failed: ${reason.slice(0, 500)}` };
  await db
    .insert(polls)
    .values({ insurer, ...set })
    .onConflictDoUpdate({ target: polls.insurer, set });
}
