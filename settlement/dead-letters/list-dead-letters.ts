import { gt, sql } from 'drizzle-orm';
import type { SettlementContext } from '../context.ts';
import { deadLetters } from './table.ts';

/** A page of dead letters, oldest first: what they are and why, never what is in them. `after` is an id. */
export async function listDeadLetters(
  { db }: Pick<SettlementContext, 'db'>,
  { after, limit }: { after: number; limit: number },
) {
  const rows = await db
    .select({
      id: deadLetters.id,
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
    })
    .from(deadLetters)
    .where(gt(deadLetters.id, after))
    .orderBy(deadLetters.id)
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const items = page.map((row) => ({ ...row, id: String(row.id), parkedAt: new Date(row.parkedAt).toISOString() }));
  const last = items.at(-1);
  return { items, ...(rows.length > limit && last && { nextCursor: last.id }) };
}
