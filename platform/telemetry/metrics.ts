import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry whose every series names its service and region; Node's own metrics included. */
export function createRegistry(options: { service: string; region: string }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(options);
  collectDefaultMetrics({ register: registry });
  return registry;
}
