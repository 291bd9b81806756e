import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import { CHECK_MS, type Health, runChecks } from './health.ts';

/** What the probes say, for who is not a probe: whether the service is ready, and how each of its deep checks ends now. */
export function observeHealth(registry: Registry, health: Health): void {
  observeGauge(registry, {
    name: 'health_ready',
    help: '1 when ready: started, and not stopping',
    read: () => [{ value: Number(health.ready) }],
  });
  observeGauge(registry, {
    name: 'health_check_ok',
    help: '1 when a check of /healthz/gslb is good, 0 when it fails or hangs',
    labelNames: ['check'],
    async read() {
      const { body } = await runChecks(health.checks, AbortSignal.timeout(CHECK_MS));
      return Object.entries(body.checks).map(([check, state]) => ({
        labels: { check },
        value: Number(state === 'ok'),
      }));
    },
  });
}
