import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { SettlementContext } from '../context.ts';

/** Tells at each scrape how many dead letters wait for an operator, out of the database: replayed, they are gone from it. */
export function observeDeadLetters(registry: Registry, { sql }: Pick<SettlementContext, 'sql'>): void {
  observeGauge(registry, {
    name: 'settlement_dead_letters',
    help: 'Messages that are parked, by reason; one without any is absent',
    labelNames: ['reason'],
    async read() {
      const rows = await sql<{ reason: string; count: number }[]>`
        select reason, count(*)::float8 as count from settlement.dead_letters where status = 'parked' group by reason`;
      return rows.map(({ reason, count }) => ({ labels: { reason }, value: count }));
    },
  });
}
