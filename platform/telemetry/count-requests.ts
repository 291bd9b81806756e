import { Counter, type Registry } from 'prom-client';
import { knownMethod } from '#platform/tracing/known-method.ts';
import { registerTallies, type Tally } from './register-tallies.ts';

/** A request as it was answered. */
export interface Answered {
  readonly method: string;
  /** The template that it matched, never its path. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

const LABELS = ['method', 'status', 'ok', 'route'] as const;

/** Rate, errors and durations of requests by route template: the same names, labels and buckets in every service. */
export function countRequests(registry: Registry): (answered: Answered) => void {
  const duration = registerTallies(registry, {
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    boundsMs: [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000],
  });
  const known = new Map<string, Tally>();
  new Counter({
    name: 'http_requests_total',
    help: 'Requests answered; ok is true for 2xx',
    labelNames: LABELS,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, count } of known.values()) this.inc(labels, count);
    },
  });
  return ({ method: asked, route, status, ms }) => {
    const method = knownMethod(asked);
    const name = `${method} ${status} ${route}`;
    let tally = known.get(name);
    if (!tally) {
      tally = duration.start({ method, status: String(status), ok: String(status >= 200 && status < 300), route });
      known.set(name, tally);
    }
    tally.add(ms);
  };
}
