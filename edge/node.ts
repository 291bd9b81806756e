import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { Counter, type Registry } from 'prom-client';
import { answerAtOnce } from '#platform/lifecycle/answer-at-once.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import { observeHealth } from '#platform/lifecycle/observe-health.ts';
import { type AnswerFirst, serve } from '#platform/lifecycle/serve.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { countRequests } from '#platform/telemetry/count-requests.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { observeCounter } from '#platform/telemetry/observe-counter.ts';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import { startTracing } from '#platform/telemetry/start-tracing.ts';
import { createEdgeApp } from './app.ts';
import { callerAddress } from './callers/caller-address.ts';
import { parseNodeConfig } from './config.ts';
import { CALL_OUTCOMES, type EdgeContext, type Observation } from './context.ts';
import { createContext } from './create-context.ts';
import { CIRCUIT_STATES } from './forward/circuit.ts';
import { NEEDS } from './forward/hop.ts';
import { LANES } from './forward/queue.ts';
import { type Measure, measuresOf } from './measures.ts';
import type { AnswerAtOnce } from './quotes/at-once.ts';

/** Counters of what the app tells. All series whose labels are known begin at zero, so that a first fault is an increase. */
function countIn(registry: Registry): EdgeContext['observe'] {
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const countRequest = countRequests(registry);
  const limited = counter('edge_rate_limited_total', 'Requests refused by a limit', ['caller']);
  const core = counter('edge_core_unavailable_total', 'Calls to core that brought no answer');
  const calls = counter('edge_core_calls_total', 'Calls to core by what became of them', ['lane', 'outcome']);
  const retries = counter('edge_core_retries_total', 'Calls to core that were sent a second time');
  const turns = counter('edge_core_circuit_turns_total', 'Turns of a circuit to core', ['need', 'to']);
  const store = counter('edge_store_failures_total', 'Calls to the store that failed or were too slow');
  const reads = { hit: 0, stale: 0, miss: 0, refused: 0 };
  observeCounter(registry, {
    name: 'edge_cache_reads_total',
    help: 'Reads by how they were answered',
    labelNames: ['result'],
    read: () => Object.entries(reads).map(([result, value]) => ({ labels: { result }, value })),
  });
  for (const lane of LANES) for (const outcome of CALL_OUTCOMES) calls.inc({ lane, outcome }, 0);
  for (const need of NEEDS) for (const to of CIRCUIT_STATES) turns.inc({ need, to }, 0);
  return (seen: Observation) => {
    if (seen.kind === 'cache') reads[seen.result] += 1;
    else if (seen.kind === 'limited') limited.inc({ caller: seen.caller });
    else if (seen.kind === 'core-unavailable') core.inc();
    else if (seen.kind === 'core-call') calls.inc({ lane: seen.lane, outcome: seen.outcome });
    else if (seen.kind === 'core-retry') retries.inc();
    else if (seen.kind === 'core-circuit') turns.inc({ need: seen.need, to: seen.to });
    else if (seen.kind === 'store-failure') store.inc();
    else countRequest(seen);
  };
}

/** What is read when somebody asks. */
function register(registry: Registry, measures: readonly Measure[]): void {
  for (const { type, ...measure } of measures) {
    if (type === 'counter') observeCounter(registry, measure);
    else observeGauge(registry, measure);
  }
}

function metricsApp(registry: Registry): Hono {
  return new Hono().get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  );
}

/** A promise lives as long as the process. */
const background = (work: Promise<unknown>) => void work.catch(() => undefined);

/** Without a Request and a Response, which take longer than the answer itself. */
function atOnceOverNode(answer: AnswerAtOnce): AnswerFirst {
  return (incoming, response) => {
    const { method = '', url: target = '', headers } = incoming;
    // `serve` has Node join what comes twice: but for set-cookie all are strings.
    const header = (name: string) => headers[name] as string | undefined;
    const found = answer({ method, target, header, background });
    if (found) answerAtOnce(incoming, response, found);
    return found !== undefined;
  };
}

async function start(): Promise<Service> {
  const config = parseNodeConfig(process.env);
  const { REGION: region, HOST: host } = config;
  const log = createLogger({ service: 'edge', region, level: config.LOG_LEVEL });
  const registry = createRegistry({ service: 'edge', region });
  const stack = new AsyncDisposableStack();
  const tracer = stack.use(startTracing(config, { service: 'edge', log, registry }));
  const ctx = createContext({
    config,
    log,
    tracer,
    observe: countIn(registry),
    clientAddress: (c) =>
      callerAddress(config.TRUSTED_PROXIES, {
        connection: getConnInfo(c).remote.address,
        forwardedFor: c.req.header('x-forwarded-for'),
      }),
  });
  const health: Health = ctx.health;
  const metrics = stack.use(await serve(metricsApp(registry).fetch, { host, port: config.METRICS_PORT }));
  const app = createEdgeApp(ctx);
  register(registry, measuresOf(ctx, app));
  observeHealth(registry, health);
  const answerFirst = atOnceOverNode(app.answerAtOnce);
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
