import { POLICIES, TARIFFS } from '#contracts/topics.ts';
import { connectEvents } from '#platform/events/connect.ts';
import { observeEvents } from '#platform/events/observe-events.ts';
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
import { createCoreApp } from './app.ts';
import { startCatalogue } from './catalogue/catalogue.ts';
import { catalogueStore } from './catalogue/catalogue-store.ts';
import { consumeTariffs } from './catalogue/consume-tariffs.ts';
import { createFindCommissionRate } from './catalogue/find-commission-rate.ts';
import { observeCatalogue } from './catalogue/observe-catalogue.ts';
import { type CoreConfig, parseConfig } from './config.ts';
import type { CoreContext } from './context.ts';
import { observeToldDays } from './day-closing/observe-told-days.ts';
import { startDayClosing } from './day-closing/start-day-closing.ts';
import { gslbChecks } from './health/gslb-checks.ts';
import { createHomeOf } from './homes.ts';
import { createKeyRing } from './offers/key-ring.ts';
import { findPartner } from './partners/find-partner.ts';
import { createPartnerDirectory } from './partners/partner-directory.ts';
import { createInsertPolicy } from './policies/issue-statement.ts';
import { createTakeNumber } from './policies/take-number.ts';
import { countOutcomes } from './quotes/count-outcomes.ts';

const DAY_MS = 86_400_000;
const SERVICE = 'core-app';

/** Starts core-app. `shared` is the transport of a region in one process; alone, the service connects to Kafka. */
export async function startCore(config: CoreConfig, shared?: MeasuredTransport): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const region = config.REGION;
  const log = createLogger({ service: SERVICE, region, level: config.LOG_LEVEL });
  const registry = createRegistry({ service: SERVICE, region });
  const tracer = stack.use(startTracing(config, { service: SERVICE, log, registry }));
  const logError = (err: unknown, message: string) => log.error({ err }, message);
  const { sql, db, pool } = stack.use(openPostgres({ url: config.DATABASE_URL, name: SERVICE, log }));
  observePool(registry, pool);
  await requireMigrated(sql, 'core');
  const connected =
    shared ?? stack.use(await connectEvents(config, { clientId: SERVICE, log, store: await catalogueStore(db) }));
  const traced = traceEvents(connected, { tracer, system: shared ? 'in-process' : 'kafka' });
  const events = observeEvents(traced, { registry, now: () => performance.now() });
  const catalogue = stack.use(await startCatalogue({ db, wait, logError }));
  const consumer = stack.use(
    await events.subscribe(TARIFFS, SERVICE, (batch) => consumeTariffs({ db, log, refresh: catalogue.refresh }, batch)),
  );
  const relay = stack.use(
    startRelay({
      open: () => openOutbox(sql, { schema: 'core', region }),
      events,
      topic: POLICIES,
      wait,
      now: () => performance.now(),
      registry,
      logError,
    }),
  );
  const keepMs = config.OUTBOX_KEEP_DAYS * DAY_MS;
  const retention = stack.use(startRetention({ sql, schema: 'core', keepMs, wait, log: log.info.bind(log), logError }));
  observeOutbox(registry, { sql, schema: 'core', topic: POLICIES, now: Date.now });
  const ctx: CoreContext = {
    region,
    db,
    sql,
    log,
    catalogue,
    now: () => new Date(),
    freshnessLimits: {
      staleAfterMs: config.STALE_AFTER_SECONDS * 1000,
      hiddenAfterMs: config.HIDDEN_AFTER_SECONDS * 1000,
    },
    countOutcome: countOutcomes(registry),
    offerKeys: createKeyRing(config.OFFER_KEYS),
    homeOf: createHomeOf(config.HOME_URLS),
    partners: createPartnerDirectory({ load: (id) => findPartner({ db }, id), now: () => new Date() }),
    findCommissionRate: createFindCommissionRate({ catalogue, db }),
    takeNumber: createTakeNumber(sql, region),
    insertPolicy: createInsertPolicy(sql),
    poke: relay.poke,
  };
  observeCatalogue(registry, ctx);
  observeToldDays(registry, ctx);
  const dayClosing = stack.use(startDayClosing(ctx));
  const health: Health = { ready: false, checks: gslbChecks(ctx) };
  const app = createCoreApp(ctx, { config, registry, health, tracer });
  const server = stack.use(await serve(app.fetch, { host: config.HOST, port: config.PORT }));
  stack.defer(() => {
    health.ready = false;
  });
  health.ready = true;
  log.info({ port: server.port }, 'ready');
  const owned = stack.move();
  return {
    done: Promise.race([relay.done, retention.done, consumer.done, catalogue.done, dayClosing.done]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

if (import.meta.main) await runService(SERVICE, () => startCore(parseConfig(process.env)));
