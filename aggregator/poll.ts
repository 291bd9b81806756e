import { BulkheadRejectedError } from 'cockatiel';
import { eq } from 'drizzle-orm';
import { openSession } from '#platform/postgres/open-session.ts';
import type { AggregatorContext } from './context.ts';
import { failureReason, type Line } from './insurers/open-line.ts';
import { InsurerReplyError } from './protocols/insurer-reply-error.ts';
import { type Acceptance, acceptReply } from './tariffs/accept-reply.ts';
import { polls } from './tariffs/table.ts';

/** The longest single reply read of an insurer: ten times the largest there is. */
const MAX_REPLY_BYTES = 1024 * 1024;
/** An insurer that asks to be left alone for longer is asked again after this. */
const LONGEST_REST_MS = 3_600_000;

/** What became of a poll; `busy`: it is being polled already; `resting`: it asked to be left alone (Retry-After). */
export type PollOutcome =
  | Acceptance
  | { status: 'failed'; reason: string }
  | { status: 'busy' }
  | { status: 'resting' }
  | { status: 'already-polled' };

/**
 * Polls one insurer, if no other replica is doing so or has done so since `notSince`. What it sends is stored and
 * published in one transaction, or put aside if it is not plausible; a failure is recorded and changes nothing else.
 * Rejects only when our database fails.
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
  const reason = options.notSince && (await reasonNotToPoll(ctx, id, options.notSince));
  if (reason) return { status: reason };
  const startedAt = ctx.now().getTime();
  const outcome = await collectAndAccept(ctx, line, options.signal);
  ctx.observePoll({ insurer: id, outcome: outcome.status, seconds: (ctx.now().getTime() - startedAt) / 1000 });
  return outcome;
}

/** A slot is used up by any poll, also one that failed: three replicas must not ask a struggling insurer three times. */
async function reasonNotToPoll({ db, now }: AggregatorContext, id: string, since: Date) {
  const [row] = await db.select().from(polls).where(eq(polls.insurer, id));
  if (!row) return undefined;
  if (new Date(row.polledAt) >= since) return 'already-polled';
  return row.retryAt !== null && new Date(row.retryAt) > now() ? 'resting' : undefined;
}

async function collectAndAccept(ctx: AggregatorContext, line: Line, stop: AbortSignal): Promise<PollOutcome> {
  const { id } = line.insurer;
  const collected = await collect(ctx, line, stop).catch((error: unknown) => ({ error }));
  if ('error' in collected) {
    if (collected.error instanceof BulkheadRejectedError) return { status: 'busy' };
    const reason = collected.error instanceof Error ? collected.error.message : String(collected.error);
    // Cut off by our own stop, the insurer has not failed.
    if (!stop.aborted) await recordFailure(ctx, id, { error: collected.error, reason });
    return { status: 'failed', reason };
  }
  const accepted = await ctx.db.transaction((tx) => acceptReply(tx, { insurer: id, collected, at: ctx.now() }));
  if (accepted.status === 'good') {
    ctx.poke();
    ctx.log.info({ insurer: id, tariffs: collected.length, changed: accepted.changed }, 'insurer polled');
  } else {
    ctx.log.error({ insurer: id, findings: accepted.findings }, 'reply is not plausible and was put aside');
  }
  return accepted;
}

const collect = ({ fetch, now }: AggregatorContext, { insurer, baseUrl, guard }: Line, stop: AbortSignal) =>
  guard.execute(({ signal }) => insurer.collect({ fetch, signal, maxBytes: MAX_REPLY_BYTES, now }, baseUrl), stop);

async function recordFailure(
  ctx: AggregatorContext,
  insurer: string,
  { error, reason }: { error: unknown; reason: string },
): Promise<void> {
  const label = failureReason(error);
  ctx.log.warn({ insurer, reason: label, err: error }, 'poll failed, what is known of the insurer stays');
  ctx.observeFailure({ insurer, reason: label });
  const now = ctx.now();
  const restMs = error instanceof InsurerReplyError ? Math.min(error.retryAfterMs ?? 0, LONGEST_REST_MS) : 0;
  const set = {
    polledAt: now.toISOString(),
    outcome: `failed: ${reason.slice(0, 500)}`,
    retryAt: restMs > 0 ? new Date(now.getTime() + restMs).toISOString() : null,
  };
  await ctx.db
    .insert(polls)
    .values({ insurer, ...set })
    .onConflictDoUpdate({ target: polls.insurer, set });
}
