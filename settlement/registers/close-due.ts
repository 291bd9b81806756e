import type { Sql } from 'postgres';
import { DomainError } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { closeRegister } from './close-register.ts';
import type { RegisterName } from './find-closing.ts';
import { periodOf } from './period-of.ts';
import { spanOf } from './span-of.ts';

type Context = Pick<SettlementContext, 'sql' | 'db' | 'now' | 'region' | 'log' | 'metrics'>;

/** A month is due three hours after its end, on the 1st at 03:00 in Moscow: what was under way at midnight is booked by then. */
const DUE_AFTER_MS = 3 * 3_600_000;

/**
 * Closes every register that is due: of each insurer the months with lines that are over. What something speaks against is
 * logged and stays open for the next time, or an operator. Answers how many were closed.
 */
export async function closeDue(ctx: Context): Promise<number> {
  let closed = 0;
  for (const name of await findDue(ctx.sql, ctx.now())) {
    try {
      await closeRegister(ctx, name, { by: 'schedule', force: false });
      closed += 1;
    } catch (error) {
      // One that cannot be closed must not keep the others open.
      if (!(error instanceof DomainError)) throw error;
      ctx.log.error({ ...name, findings: error.extras.errors }, 'register could not be closed');
    }
  }
  return closed;
}

/**
 * The registers that are due and not closed, the oldest first. Which there are is found by one look into the index for each:
 * to go through their lines would take minutes.
 */
export async function findDue(sql: Sql, now: Date): Promise<RegisterName[]> {
  const registers = await sql<RegisterName[]>`
    with recursive register as (
      (select insurer, period from settlement.register_lines order by insurer, period limit 1)
      union all
      select next.insurer, next.period from register r cross join lateral (
        select l.insurer, l.period from settlement.register_lines l where (l.insurer, l.period) > (r.insurer, r.period)
        order by l.insurer, l.period limit 1
      ) next
    )
    select r.insurer, r.period from register r left join settlement.register_closings c using (insurer, period)
    where r.period < ${periodOf(now)} and c.status is distinct from 'closed' order by r.period, r.insurer`;
  return registers.filter(({ period }) => spanOf(period).to.getTime() + DUE_AFTER_MS <= now.getTime());
}
