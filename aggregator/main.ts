import { TARIFFS } from '#contracts/topics.ts';
import { connectEvents } from '#platform/events/connect.ts';
import { traceEvents } from '#platform/events/trace-events.ts';
import type { MeasuredTransport } from '#platform/events/transport.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { observeOutbox } from '#platform/outbox/observe-outbox.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { startRetention } from '#platform/outbox/retention.ts';
import { requireMigrated } from '#platform/postgres/migrations.ts';
import { observePool } from '#platform/postgres/observe-pool.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { startTracing } from '#platform/telemetry/start-tracing.ts';
import { createAggregatorApp } from './app.ts';
import { type AggregatorConfig, parseConfig } from './config.ts';
import type { AggregatorContext } from './context.ts';
import { loadInsurer } from './insurers/load-insurer.ts';
import { openLine } from './insurers/open-line.ts';
import { countPolls, observeKnown, observeLines } from './observe.ts';
import { startSchedule } from './schedule.ts';

const DAY_MS = 86_400_000;
const SERVICE = 'ins-product-aggregator';

/** Starts the aggregator. `shared` is the transport of a region in one process; alone, the service connects to Kafka. */
export async function startAggregator(config: AggregatorConfig, shared?: MeasuredTransport): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const region = config.REGION;
  const log = createLogger({ service: SERVICE, region, level: config.LOG_LEVEL });
  const registry = createRegistry({ service: SERVICE, region });
  const tracer = stack.use(startTracing(config, { service: SERVICE, log, registry }));
  const { countRetry, observePoll, observeFailure } = countPolls(registry, [...config.INSURERS.keys()]);
  const logError = (err: unknown, message: string) => log.error({ err }, message);
  const open = async ([id, url]: [string, string]) =>
    openLine(await loadInsurer(id), url, { random: Math.random, onRetry: () => countRetry(id) });
  const lines = await Promise.all([...config.INSURERS].map(open));
  const { sql, db, pool } = stack.use(openPostgres({ url: config.DATABASE_URL, name: SERVICE, log }));
  observePool(registry, pool);
  await requireMigrated(sql, 'aggregator');
  const connected = shared ?? stack.use(await connectEvents(config, { clientId: SERVICE, log }));
  const events = traceEvents(connected, { tracer, system: shared ? 'in-process' : 'kafka' });
  const relay = stack.use(
    startRelay({
      open: () => openOutbox(sql, { schema: 'aggregator', region }),
      events,
      topic: TARIFFS,
      wait,
      now: () => performance.now(),
      registry,
      logError,
    }),
  );
  const keepMs = config.OUTBOX_KEEP_DAYS * DAY_MS;
  const retention = stack.use(
    startRetention({ sql, schema: 'aggregator', keepMs, wait, log: log.info.bind(log), logError }),
  );
  observeOutbox(registry, { sql, schema: 'aggregator', topic: TARIFFS, now: Date.now });
  const ctx: AggregatorContext = {
    db,
    sql,
    log,
    lines,
    wait,
    fetch,
    now: () => new Date(),
    random: Math.random,
    observePoll,
    observeFailure,
    poke: relay.poke,
  };
  observeLines(registry, lines);
  observeKnown(registry, ctx);
  const schedule = stack.use(startSchedule(ctx));
  const health: Health = { ready: false, checks: { database: async () => void (await sql`select 1`) } };
  const app = createAggregatorApp(ctx, { config, schedule, registry, health, tracer });
  const server = stack.use(await serve(app.fetch, { host: config.HOST, port: config.PORT }));
  stack.defer(() => {
    health.ready = false;
  });
  health.ready = true;
  log.info({ port: server.port }, 'ready');
  const owned = stack.move();
  return {
    done: Promise.race([relay.done, retention.done, schedule.done]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

if (import.meta.main) await runService(SERVICE, () => startAggregator(parseConfig(process.env)));
