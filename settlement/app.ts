import type { Registry } from 'prom-client';
import { addDocs, createApp, createRouter, type ServiceApp } from '#platform/http/create-app.ts';
import { operatorOnly } from '#platform/http/operator.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import type { SettlementConfig } from './config.ts';
import type { SettlementContext } from './context.ts';
import { deadLetterRoutes } from './dead-letters/route.ts';
import { ledgerRoutes } from './ledger/route.ts';
import { reconciliationRoutes } from './reconciliation/route.ts';
import { registerRoutes } from './registers/route.ts';

interface Shell {
  readonly config: Pick<SettlementConfig, 'OPERATOR_TOKEN'>;
  readonly registry: Registry;
  readonly health: Health;
  readonly tracer?: Tracer | undefined;
}

/** Settlement's HTTP: operators only. */
export function createSettlementApp(ctx: SettlementContext, { config, registry, health, tracer }: Shell): ServiceApp {
  const app = createApp({ log: ctx.log, registry, health, tracer, now: () => ctx.now().getTime() });
  const operated = createRouter();
  operated.route('/', registerRoutes(ctx));
  operated.route('/', ledgerRoutes(ctx));
  operated.route('/', reconciliationRoutes(ctx));
  operated.route('/', deadLetterRoutes(ctx));
  operated.openAPIRegistry.registerComponent('securitySchemes', 'operatorToken', { type: 'http', scheme: 'bearer' });
  app.use('/v1/*', operatorOnly(config.OPERATOR_TOKEN));
  app.route('/', operated);
  addDocs(app, operated, { title: 'ins-comp-settlement', description: 'The ledger and the registers of insurers.' });
  return app;
}
