import { Gauge, type Registry } from 'prom-client';
import type { SettlementContext } from '../context.ts';

/** Tells at each scrape, out of the database, so that all replicas say the same; absent as long as that does not answer. */
export function observeDays(registry: Registry, { sql }: Pick<SettlementContext, 'sql'>): void {
  new Gauge({
    name: 'settlement_reconciliation_differences',
    help: 'Days and insurers of which core, ledger and register do not say the same, as last compared',
    registers: [registry],
    async collect() {
      const [row] = await sql<{ differences: number }[]>`
        select coalesce(sum(differences), 0)::int as differences
        from (select distinct on (day) differences from settlement.core_days order by day, revision desc) told`.catch(
        () => [],
      );
      if (row) this.set(row.differences);
      else this.remove();
    },
  });
}
