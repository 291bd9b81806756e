import { desc } from 'drizzle-orm';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { policies } from '../policies/table.ts';
import { addDays } from '../rating/parameters/starts-on.ts';
import { toldDays } from './table.ts';
import { type DayClosingContext, tellDay } from './tell-day.ts';

/** A day is told so long after its end: what was begun on it is committed by then, statements have seconds. */
const DUE_MS = 5 * 60_000;
/** So many of the days told last are looked at again before a newer one is told: a transaction may have been late. */
const LOOKED_AT_AGAIN = 2;

/**
 * Tells every day that is over and was not told, in order, from that of the first policy on, in a transaction each; before
 * it, those told last are told anew if they are not what the tables say now. Any replica may do it, or all. Rejects at the
 * first day that cannot be told, and tells none behind it.
 */
export async function closeDays(ctx: DayClosingContext, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  const told = await readLastTold(ctx.db);
  const first = told[0] === undefined ? await readFirstDay(ctx.db) : addDays(told[0], 1);
  const last = addDays(moscowDate(new Date(ctx.now().getTime() - DUE_MS)), -1);
  if (first === undefined || first > last) return;
  const days = told.toReversed();
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  for (const day of days) {
    // Busy: another replica is at it, and goes on to the end.
    if (signal?.aborted || (await tellDay(ctx, day)) === 'busy') return;
  }
}

/** Newest first. */
async function readLastTold(db: Db): Promise<string[]> {
  const rows = await db
    .selectDistinct({ day: toldDays.day })
    .from(toldDays)
    .orderBy(desc(toldDays.day))
    .limit(LOOKED_AT_AGAIN);
  return rows.map(({ day }) => day);
}

/** By id, which begins with the moment of the issue and is indexed in this order. */
async function readFirstDay(db: Db): Promise<string | undefined> {
  const [row] = await db.select({ issuedAt: policies.issuedAt }).from(policies).orderBy(policies.id).limit(1);
  return row && moscowDate(new Date(row.issuedAt));
}
