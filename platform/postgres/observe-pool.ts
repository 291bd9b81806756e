import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import type { PoolState } from './watch-pool.ts';

/** What to be alerted on when a pool is used up: all its connections in use and queries waiting, for longer than a moment. */
export function observePool(registry: Registry, pool: () => PoolState): void {
  const gauge = (name: string, help: string, value: (state: PoolState) => number) =>
    observeGauge(registry, { name, help, read: () => [{ value: value(pool()) }] });
  gauge('postgres_pool_max', 'Connections that the pool may have', ({ max }) => max);
  gauge('postgres_pool_in_use', 'Connections with a query or a transaction under way', ({ inUse }) => inUse);
  gauge('postgres_pool_waiting', 'Queries that wait because no connection is free', ({ waiting }) => waiting);
}
