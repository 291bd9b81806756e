import { eq } from 'drizzle-orm';
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
  const session = await ctx.sql.reserve();
  try {
    const [lock] = await session`select pg_try_advisory_lock(hashtext('poll'), hashtext(${id})) as mine`;
    if (!lock?.['mine']) return { status: 'busy' };
    if (options.notSince && (await polledSince(ctx, id, options.notSince))) return { status: 'already-polled' };
    const outcome = await collectAndPublish(ctx, line, options.signal);
    ctx.countPoll(id, outcome.status);
    return outcome;
  } finally {
    await session`select pg_advisory_unlock_all()`.catch(() => undefined);
    session.release();
  }
}

async function polledSince({ db }: AggregatorContext, id: string, since: Date): Promise<boolean> {
  const [row] = await db.select({ asOf: polls.asOf }).from(polls).where(eq(polls.insurer, id));
  return row?.asOf != null && new Date(row.asOf) >= since;
}

async function collectAndPublish(ctx: AggregatorContext, line: Line, stop: AbortSignal): Promise<PollOutcome> {
  const { insurer, baseUrl, guard } = line;
  try {
    const collected = await guard.execute(
      ({ signal }) => insurer.collect({ fetch: ctx.fetch, signal, maxBytes: MAX_REPLY_BYTES, now: ctx.now }, baseUrl),
      stop,
    );
    const changed = await ctx.db.transaction((tx) =>
      publishChanges(tx, { insurer: insurer.id, collected, at: ctx.now() }),
    );
    ctx.poke();
    ctx.log.info({ insurer: insurer.id, tariffs: collected.length, changed }, 'insurer polled');
    return { status: 'good', changed };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ctx.log.warn({ insurer: insurer.id, err: error }, 'poll failed, what is known of the insurer stays');
    await recordFailure(ctx, insurer.id, reason);
    return { status: 'failed', reason };
  }
}

async function recordFailure({ db, now }: AggregatorContext, insurer: string, reason: string): Promise<void> {
  const set = { polledAt: now().toISOString(), outcome: `failed: ${reason.slice(0, 500)}` };
  await db
    .insert(polls)
    .values({ insurer, ...set })
    .onConflictDoUpdate({ target: polls.insurer, set });
}
