import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { SettlementContext } from '../context.ts';

/** Tells at each scrape, out of the database, so that all replicas say the same; absent as long as that does not answer. */
export function observeDays(registry: Registry, { sql }: Pick<SettlementContext, 'sql'>): void {
  observeGauge(registry, {
    name: 'settlement_reconciliation_differences',
    help: 'Days and insurers of which core, ledger and register do not say the same, as last compared',
    async read() {
      const rows = await sql<{ differences: number }[]>`
        select coalesce(sum(differences), 0)::int as differences
        from (select distinct on (day) differences from settlement.core_days order by day, revision desc) told`;
      return rows.map(({ differences }) => ({ value: differences }));
    },
  });
}
