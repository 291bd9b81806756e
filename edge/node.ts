import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Health } from '#platform/lifecycle/health.ts';
import { type AnswerFirst, serve } from '#platform/lifecycle/serve.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { countRequests } from '#platform/telemetry/count-requests.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { createEdgeApp } from './app.ts';
import { callerAddress } from './callers/caller-address.ts';
import { parseNodeConfig } from './config.ts';
import type { EdgeContext, Observation } from './context.ts';
import { createContext } from './create-context.ts';
import { type Hop, NEEDS } from './forward/hop.ts';
import { LANES } from './forward/queue.ts';
import type { ServeHit } from './quotes/serve-hit.ts';

function countIn(registry: Registry): EdgeContext['observe'] {
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const requests = countRequests(registry);
  const cache = counter('edge_cache_reads_total', 'Reads by how they were answered', ['result']);
  const limited = counter('edge_rate_limited_total', 'Requests refused by a limit', ['caller']);
  const core = counter('edge_core_unavailable_total', 'Calls to core that brought no answer');
  const calls = counter('edge_core_calls_total', 'Calls to core by what became of them', ['lane', 'outcome']);
  const retries = counter('edge_core_retries_total', 'Calls to core that were sent a second time');
  const turns = counter('edge_core_circuit_turns_total', 'Turns of a circuit to core', ['need', 'to']);
  const store = counter('edge_store_failures_total', 'Calls to the store that failed or were too slow');
  // To look a child up by its labels takes longer than to count in it; routes, methods and statuses are few.
  const read = remember((result) => cache.labels({ result }));
  return (seen: Observation) => {
    if (seen.kind === 'cache') read(seen.result).inc();
    else if (seen.kind === 'limited') limited.inc({ caller: seen.caller });
    else if (seen.kind === 'core-unavailable') core.inc();
    else if (seen.kind === 'core-call') calls.inc({ lane: seen.lane, outcome: seen.outcome });
    else if (seen.kind === 'core-retry') retries.inc();
    else if (seen.kind === 'core-circuit') turns.inc({ need: seen.need, to: seen.to });
    else if (seen.kind === 'store-failure') store.inc();
    else requests(seen);
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

/** A promise lives as long as the process. */
const background = (work: Promise<unknown>) => void work.catch(() => undefined);

/** Without a Request and a Response, which take longer than the hit itself. */
function hitsOverNode(serveHit: ServeHit): AnswerFirst {
  return ({ method = '', url: target = '', headers }, response) => {
    // `serve` has Node join what comes twice: but for set-cookie all are strings.
    const header = (name: string) => headers[name] as string | undefined;
    const hit = serveHit({ method, target, header, background });
    if (!hit) return false;
    hit.headers['content-length'] = String(hit.body.byteLength);
    response.writeHead(200, hit.headers).end(hit.body);
    return true;
  };
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
  const answerFirst = hitsOverNode(app.serveHit);
  const listening = stack.use(
    await serve((request, env) => app.fetch(request, env as object), { host, port: config.PORT, answerFirst }),
  );
  stack.defer(() => {
    health.ready = false;
  });
  log.info({ port: listening.port, metricsPort: metrics.port }, 'ready');
  return { done: new Promise(() => undefined), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

await runService('edge', start);
