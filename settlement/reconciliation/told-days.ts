import type { Sql } from 'postgres';
import type { DayClosed } from '#contracts/events.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { Span } from '../registers/span-of.ts';

/** A day as core told it last. */
export interface ToldDay {
  readonly eventId: string;
  readonly day: string;
  readonly insurers: DayClosed['insurers'];
}

export interface ToldDays {
  readonly days: readonly ToldDay[];
  /** Days of the span that are over and that core has not told, although it has told one before them. */
  readonly missing: readonly string[];
}

const DAY_MS = 86_400_000;
/** Core tells a day five minutes after its end; until then, and while that is on its way, it is not missing. */
const GRACE_MS = 3_600_000;

/** What core told of the days of a span, in order, and which of them it should have told by `now`. */
export async function readToldDays(sql: Sql, { from, to }: Span, now: Date): Promise<ToldDays> {
  const [first, last] = [moscowDate(from), moscowDate(new Date(to.getTime() - 1))];
  const days = await sql<ToldDay[]>`
    select distinct on (day) event_id as "eventId", day::text as day, insurers from settlement.core_days
    where day between ${first} and ${last} order by day, revision desc`;
  const [begin] = await sql<{ day: string | null }[]>`select min(day)::text as day from settlement.core_days`;
  const told = new Set(days.map(({ day }) => day));
  const missing: string[] = [];
  for (let at = from.getTime(); at < to.getTime() && at + DAY_MS + GRACE_MS <= now.getTime(); at += DAY_MS) {
    const day = moscowDate(new Date(at));
    if (begin?.day && day > begin.day && !told.has(day)) missing.push(day);
  }
  return { days, missing };
}
