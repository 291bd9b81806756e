import { max } from 'drizzle-orm';
import type { Registry } from 'prom-client';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { CoreContext } from '../context.ts';
import { addDays } from '../rating/parameters/starts-on.ts';
import { toldDays } from './table.ts';

/**
 * What to be alerted on when a day is not told: it is due 5 minutes after its end, so this lies 24 hours and 5 minutes back
 * at most. Absent as long as no day was told, or the database does not say.
 */
export function observeToldDays(registry: Registry, { db }: Pick<CoreContext, 'db'>): void {
  observeGauge(registry, {
    name: 'core_last_day_told_seconds',
    help: 'Unix time of the end of the last day, of Europe/Moscow, that was told for reconciliation',
    async read() {
      const [row] = await db.select({ day: max(toldDays.day) }).from(toldDays);
      return row?.day ? [{ value: moscowMidnight(addDays(row.day, 1)).getTime() / 1000 }] : [];
    },
  });
}
