import type { Registry } from 'prom-client';
import { addDocs, createApp, createRouter, type ServiceApp } from '#platform/http/create-app.ts';
import { operatorOnly } from '#platform/http/operator.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import type { AggregatorConfig } from './config.ts';
import type { AggregatorContext } from './context.ts';
import { insurerRoutes } from './insurers/route.ts';
import type { Schedule } from './schedule.ts';

interface Shell {
  readonly config: AggregatorConfig;
  readonly schedule: Schedule;
  readonly registry: Registry;
  readonly health: Health;
  readonly tracer?: Tracer | undefined;
}

/** The aggregator's HTTP: operators only; nobody's quote comes here. */
export function createAggregatorApp(
  ctx: AggregatorContext,
  { config, schedule, registry, health, tracer }: Shell,
): ServiceApp {
  const app = createApp({ log: ctx.log, registry, health, tracer, now: () => ctx.now().getTime() });
  const operated = createRouter();
  operated.route('/', insurerRoutes(ctx, schedule));
  operated.openAPIRegistry.registerComponent('securitySchemes', 'operatorToken', { type: 'http', scheme: 'bearer' });
  app.use('/v1/*', operatorOnly(config.OPERATOR_TOKEN));
  app.route('/', operated);
  addDocs(app, operated, { title: 'ins-product-aggregator', description: 'Collects tariffs from the insurers.' });
  return app;
}
