import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import type { SettlementContext } from '../context.ts';
import { findDiffering } from './find-differing.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { sumUpDays } from './sum-up-days.ts';
import type { ToldDay } from './told-days.ts';

type Context = Pick<SettlementContext, 'sql' | 'now' | 'log'>;

const DAY_MS = 86_400_000;
/** Days that agreed are looked at again for so long, once an hour: a late event may still come. */
const WATCHED_DAYS = 3;
const AGAIN_MS = 3_600_000;

/**
 * Compares with the books each day that core has told and that was not compared yet, did not agree, or is recent, and notes
 * in how many insurers it differs. Answers how many days it looked at.
 */
export async function checkDays(ctx: Context): Promise<number> {
  const now = ctx.now().getTime();
  const days = await ctx.sql<(ToldDay & { differences: number | null })[]>`
    select event_id as "eventId", day::text as day, insurers, differences from (
      select distinct on (day) * from settlement.core_days order by day, revision desc
    ) last
    where differences is null or differences > 0
      or day >= ${new Date(now - WATCHED_DAYS * DAY_MS).toISOString()}::text::date
        and checked_at < ${new Date(now - AGAIN_MS).toISOString()}::text::timestamptz
    order by day`;
  for (const day of days) await checkDay(ctx, day);
  return days.length;
}

async function checkDay(ctx: Context, told: ToldDay & { differences: number | null }): Promise<void> {
  const from = moscowMidnight(told.day);
  const span = { from, to: new Date(from.getTime() + DAY_MS) };
  const sums = await inOneSnapshot(ctx.sql, (tx) => sumUpDays(tx, span));
  const insurers = findDiffering([told], sums).map(({ insurer }) => insurer);
  await ctx.sql`
    update settlement.core_days set differences = ${insurers.length}, checked_at = ${ctx.now().toISOString()}::text::timestamptz
    where event_id = ${told.eventId}`;
  if (insurers.length === told.differences) return;
  if (insurers.length > 0) ctx.log.error({ day: told.day, insurers }, 'day does not agree with core');
  else ctx.log.info({ day: told.day }, 'day agrees with core');
}
