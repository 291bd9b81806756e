import { and, eq, gt, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { DeadLetter, DeadLetterHistory, DeadLetterStatus, DeadLetters } from '#contracts/dead-letter.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { deadLetterActions, deadLetters } from './table.ts';

/** What they are and why, never what is in them. */
const COLUMNS = {
  id: deadLetters.id,
  status: deadLetters.status,
  topic: deadLetters.topic,
  partition: deadLetters.partition,
  epoch: deadLetters.epoch,
  sequence: deadLetters.sequence,
  eventId: deadLetters.eventId,
  aggregateId: deadLetters.aggregateId,
  reason: deadLetters.reason,
  detail: deadLetters.detail,
  bytes: sql<number>`length(${deadLetters.raw})`,
  parkedAt: deadLetters.parkedAt,
};

/** A page of dead letters, oldest first. `after` is an id; without a status, all. */
export async function listDeadLetters(
  { db }: Pick<SettlementContext, 'db'>,
  { after, limit, status }: { after: number; limit: number; status?: DeadLetterStatus },
): Promise<z.infer<typeof DeadLetters>> {
  const rows = await db
    .select(COLUMNS)
    .from(deadLetters)
    .where(and(gt(deadLetters.id, after), status && eq(deadLetters.status, status)))
    .orderBy(deadLetters.id)
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(toDeadLetter);
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last && { nextCursor: last.id }) };
}

/** A dead letter and all that was done about it, oldest first. Throws NotFound. */
export async function findDeadLetter(
  { db }: Pick<SettlementContext, 'db'>,
  id: number,
): Promise<z.infer<typeof DeadLetterHistory>> {
  const [row] = await db.select(COLUMNS).from(deadLetters).where(eq(deadLetters.id, id));
  if (!row) throw new NotFound(`Dead letter "${id}"`);
  const rows = await db
    .select()
    .from(deadLetterActions)
    .where(eq(deadLetterActions.deadLetterId, id))
    .orderBy(deadLetterActions.id);
  const actions = rows.map(({ action, by, reason, at, outcome, detail }) => ({
    action,
    by,
    reason,
    at: new Date(at).toISOString(),
    outcome,
    detail,
  }));
  return { ...toDeadLetter(row), actions };
}

const toDeadLetter = (row: Omit<DeadLetter, 'id'> & { id: number }): DeadLetter => ({
  ...row,
  id: String(row.id),
  parkedAt: new Date(row.parkedAt).toISOString(),
});
