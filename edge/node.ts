import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Health } from '#platform/lifecycle/health.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { createEdgeApp } from './app.ts';
import { callerAddress } from './callers/caller-address.ts';
import { parseNodeConfig } from './config.ts';
import type { EdgeContext, Observation } from './context.ts';
import { createContext } from './create-context.ts';
import { type Hop, NEEDS } from './forward/hop.ts';
import { LANES } from './forward/queue.ts';

/** The same names and labels for requests as in the other services. */
function countIn(registry: Registry): EdgeContext['observe'] {
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const labelNames = ['method', 'status', 'ok', 'route'];
  const requests = counter('http_requests_total', 'Requests answered', labelNames);
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer',
    labelNames,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const cache = counter('edge_cache_reads_total', 'Reads by how they were answered', ['result']);
  const limited = counter('edge_rate_limited_total', 'Requests refused by a limit', ['caller']);
  const core = counter('edge_core_unavailable_total', 'Calls to core that brought no answer');
  const calls = counter('edge_core_calls_total', 'Calls to core by what became of them', ['lane', 'outcome']);
  const retries = counter('edge_core_retries_total', 'Calls to core that were sent a second time');
  const turns = counter('edge_core_circuit_turns_total', 'Turns of a circuit to core', ['need', 'to']);
  const store = counter('edge_store_failures_total', 'Calls to the store that failed or were too slow');
  // To look a child up by its labels takes longer than to count in it; routes, methods and statuses are few.
  const read = remember((result) => cache.labels({ result }));
  const answered = remember((named) => {
    const [method = '', status = '', route = ''] = named.split(' ');
    const labels = { method, route, status, ok: String(status.startsWith('2')) };
    return { requests: requests.labels(labels), durations: durations.labels(labels) };
  });
  return (seen: Observation) => {
    if (seen.kind === 'cache') read(seen.result).inc();
    else if (seen.kind === 'limited') limited.inc({ caller: seen.caller });
    else if (seen.kind === 'core-unavailable') core.inc();
    else if (seen.kind === 'core-call') calls.inc({ lane: seen.lane, outcome: seen.outcome });
    else if (seen.kind === 'core-retry') retries.inc();
    else if (seen.kind === 'core-circuit') turns.inc({ need: seen.need, to: seen.to });
    else if (seen.kind === 'store-failure') store.inc();
    else {
      const counted = answered(`${seen.method} ${seen.status} ${seen.route}`);
      counted.requests.inc();
      counted.durations.observe(seen.ms / 1000);
    }
  };
}

function remember<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

/** Read when asked for: how things stand between this process and core. */
function measure({ circuits, queue }: Hop, registry: Registry): void {
  const gauge = (name: string, help: string, read: (gauge: Gauge) => void, labelNames: readonly string[] = []) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        read(this);
      },
    });
  gauge('edge_core_calls_under_way', 'Calls to core under way', (all) => all.set(queue.underWay()));
  const waiting = (all: Gauge) => {
    for (const lane of LANES) all.set({ lane }, queue.waiting(lane));
  };
  gauge('edge_core_calls_waiting', 'Calls that wait for a place', waiting, ['lane']);
  const open = (all: Gauge) => {
    for (const need of NEEDS) all.set({ need }, Number(circuits[need].state() !== 'closed'));
  };
  gauge('edge_core_circuit_open', '1 while core is left alone, or one call tries it', open, ['need']);
}

function metricsApp(registry: Registry): Hono {
  return new Hono().get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  );
}

async function start(): Promise<Service> {
  const config = parseNodeConfig(process.env);
  const { REGION: region, HOST: host } = config;
  const log = createLogger({ service: 'edge', region, level: config.LOG_LEVEL });
  const registry = createRegistry({ service: 'edge', region });
  const ctx = createContext({
    config,
    log,
    observe: countIn(registry),
    clientAddress: (c) =>
      callerAddress(config.TRUSTED_PROXIES, {
        connection: getConnInfo(c).remote.address,
        forwardedFor: c.req.header('x-forwarded-for'),
      }),
  });
  measure(ctx.hop, registry);
  const health: Health = ctx.health;
  const stack = new AsyncDisposableStack();
  const metrics = stack.use(await serve(metricsApp(registry).fetch, { host, port: config.METRICS_PORT }));
  const app = createEdgeApp(ctx);
  const listening = stack.use(
    await serve((request, env) => app.fetch(request, env as object), { host, port: config.PORT }),
  );
  stack.defer(() => {
    health.ready = false;
  });
  log.info({ port: listening.port, metricsPort: metrics.port }, 'ready');
  return { done: new Promise(() => undefined), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

await runService('edge', start);
