import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { SettlementContext } from '../context.ts';

/**
 * Tells at each scrape which partitions are stopped, out of the books: all replicas say the same, and a restart forgets
 * nothing. A partition that is not stopped has no series; nor has any while the database is away.
 */
export function observeStopped(registry: Registry, { sql, region }: Pick<SettlementContext, 'sql' | 'region'>): void {
  observeGauge(registry, {
    name: 'settlement_partition_stopped',
    help: '1 for each partition that waits for a replay of the outbox',
    labelNames: ['partition', 'reason'],
    async read() {
      const rows = await sql<{ partition: number; reason: string }[]>`
        select partition, stopped_reason as reason from settlement.positions
        where region = ${region} and stopped_at is not null`;
      return rows.map(({ partition, reason }) => ({ labels: { partition, reason }, value: 1 }));
    },
  });
}
