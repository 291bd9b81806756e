import { createHash } from 'node:crypto';
import { desc, eq, sql } from 'drizzle-orm';
import type { DayClosed } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { appendEvents, type NewEvent } from '#platform/outbox/append.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import { readTimeline } from '#platform/postgres/timeline.ts';
import type { CoreContext } from '../context.ts';
import { outbox } from '../outbox/table.ts';
import { addUpDay } from './add-up-day.ts';
import { readOperations } from './read-operations.ts';
import { toldDays } from './table.ts';

export type DayClosingContext = Pick<CoreContext, 'region' | 'db' | 'now' | 'log' | 'findCommissionRate' | 'poke'>;

/** Revisions kept free for each life of the database: one that was put back does not know the last ones it told. */
const REVISIONS_OF_A_LIFE = 1_000;

/** `busy`: another replica is telling days now. */
export type TellOutcome = 'told' | 'unchanged' | 'busy';

/**
 * Tells what happened on a day, unless that was told already: a first time, or anew under the next revision. What was told
 * in an earlier life of the database is told anew in any case: its last words may be lost here. Row and event are one
 * commit. Rejects when it cannot be told; then nothing is written.
 */
export async function tellDay(ctx: DayClosingContext, day: string): Promise<TellOutcome> {
  const aggregateId = `${ctx.region}-day-${day}`;
  const outcome = await ctx.db
    .transaction((tx) => tell(ctx, tx, { day, aggregateId }))
    .catch((cause: unknown) => {
      throw new Error(`Cannot tell the day ${day}`, { cause });
    });
  if (typeof outcome === 'string') return outcome;
  ctx.poke(partitionOf(aggregateId, POLICIES.partitions));
  ctx.log.info({ day, ...outcome }, 'day told');
  return 'told';
}

async function tell(ctx: DayClosingContext, tx: Tx, { day, aggregateId }: { day: string; aggregateId: string }) {
  if (!(await takeTurn(tx))) return 'busy';
  const before = await readRevision(tx, day);
  const data = await addUpDay(day, { pages: readOperations(tx, day), findCommissionRate: ctx.findCommissionRate });
  const digest = createHash('sha256').update(JSON.stringify(data)).digest('hex');
  const floor = ((await readTimeline(tx)) - 1) * REVISIONS_OF_A_LIFE;
  if (before && before.revision > floor && digest === before.digest) return 'unchanged';
  const [occurredAt, revision] = [ctx.now(), Math.max(before?.revision ?? 0, floor) + 1];
  const event: NewEvent = {
    type: 'control.day-closed.v1',
    aggregateId,
    aggregateVersion: revision,
    occurredAt,
    data,
  };
  await tx.insert(toldDays).values({ day, revision, digest, toldAt: occurredAt.toISOString() });
  await appendEvents(tx, outbox, { topic: POLICIES, events: [event] });
  return { revision, ...countOf(data) };
}

/** One at a time among replicas, and with time for a day of a million operations. */
async function takeTurn(tx: Tx): Promise<boolean> {
  await tx.execute(sql`set local statement_timeout = '5min'`);
  const [row] = await tx.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('day closing'), hashtext('core')) as mine`,
  );
  return row?.mine === true;
}

async function readRevision(tx: Tx, day: string) {
  const [row] = await tx
    .select({ revision: toldDays.revision, digest: toldDays.digest })
    .from(toldDays)
    .where(eq(toldDays.day, day))
    .orderBy(desc(toldDays.revision))
    .limit(1);
  return row;
}

const countOf = ({ insurers }: DayClosed) => ({
  insurers: insurers.length,
  issued: insurers.reduce((sum, { issued }) => sum + issued.count, 0),
  cancelled: insurers.reduce((sum, { cancelled }) => sum + cancelled.count, 0),
});
