import { connectEvents } from '#platform/events/connect.ts';
import { observeEvents } from '#platform/events/observe-events.ts';
import { traceEvents } from '#platform/events/trace-events.ts';
import type { MeasuredTransport } from '#platform/events/transport.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { requireMigrated } from '#platform/postgres/migrations.ts';
import { observePool } from '#platform/postgres/observe-pool.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { storeOf } from '#platform/postgres/store-of.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { startTracing } from '#platform/telemetry/start-tracing.ts';
import { createSettlementApp } from './app.ts';
import { parseConfig, type SettlementConfig } from './config.ts';
import { startConsumer } from './consumer.ts';
import type { SettlementContext } from './context.ts';
import { observeDeadLetters } from './dead-letters/observe-dead-letters.ts';
import { createBooks } from './intake/write-books.ts';
import { createMetrics } from './metrics.ts';
import { observeStopped } from './positions/observe-stopped.ts';
import { observeDays } from './reconciliation/observe-days.ts';
import { observeRegisters } from './registers/observe-registers.ts';
import { startSchedule } from './schedule.ts';

const SERVICE = 'ins-comp-settlement';

/** Starts settlement. `shared` is the transport of a region in one process; alone, the service connects to Kafka. */
export async function startSettlement(config: SettlementConfig, shared?: MeasuredTransport): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const region = config.REGION;
  const log = createLogger({ service: SERVICE, region, level: config.LOG_LEVEL });
  const registry = createRegistry({ service: SERVICE, region });
  const tracer = stack.use(startTracing(config, { service: SERVICE, log, registry }));
  const { sql, db, pool } = stack.use(openPostgres({ url: config.DATABASE_URL, name: SERVICE, log }));
  observePool(registry, pool);
  await requireMigrated(sql, 'settlement');
  const now = () => new Date();
  const books = createBooks({ sql, now });
  const ctx: SettlementContext = { region, db, sql, books, log, now, metrics: createMetrics(registry) };
  for (const observe of [observeStopped, observeDeadLetters, observeDays, observeRegisters]) observe(registry, ctx);
  const connected =
    shared ?? stack.use(await connectEvents(config, { clientId: SERVICE, log, store: await storeOf(db) }));
  const traced = traceEvents(connected, { tracer, system: shared ? 'in-process' : 'kafka' });
  const events = observeEvents(traced, { registry, now: () => performance.now() });
  const consumer = stack.use(await startConsumer(ctx, events));
  const schedule = stack.use(startSchedule(ctx));
  const health: Health = { ready: false, checks: { database: async () => void (await sql`select 1`) } };
  const app = createSettlementApp(ctx, { config, registry, health, tracer });
  const server = stack.use(await serve(app.fetch, { host: config.HOST, port: config.PORT }));
  stack.defer(() => {
    health.ready = false;
  });
  health.ready = true;
  log.info({ port: server.port }, 'ready');
  const owned = stack.move();
  return {
    done: Promise.race([consumer.done, schedule.done]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

if (import.meta.main) await runService(SERVICE, () => startSettlement(parseConfig(process.env)));
