import type { Registry } from 'prom-client';
import { addDocs, createApp, createRouter, type ServiceApp } from '#platform/http/create-app.ts';
import { operatorOnly } from '#platform/http/operator.ts';
import type { Health } from '#platform/lifecycle/health.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { internalCatalogueRoutes } from './catalogue/route.ts';
import type { CoreConfig } from './config.ts';
import type { CoreContext } from './context.ts';
import { drainRoutes } from './drain/route.ts';
import { verifyHop } from './hop/verify-hop.ts';
import { outboxRoutes } from './outbox/route.ts';
import { internalPartnerRoutes, partnerRoutes } from './partners/route.ts';
import { policyRoutes } from './policies/route.ts';
import { quoteRoutes } from './quotes/route.ts';

interface Shell {
  readonly config: CoreConfig;
  readonly registry: Registry;
  readonly health: Health;
  readonly tracer?: Tracer | undefined;
}

/** core's HTTP: what edge forwards (behind the signed hop), what operators call, and the description of both. */
export function createCoreApp(ctx: CoreContext, { config, registry, health, tracer }: Shell): ServiceApp {
  const app = createApp({ log: ctx.log, registry, health, tracer, now: () => ctx.now().getTime() });
  const forwarded = createRouter();
  forwarded.route('/', quoteRoutes(ctx));
  forwarded.route('/', policyRoutes(ctx));
  forwarded.openAPIRegistry.registerComponent('securitySchemes', 'partnerKey', { type: 'http', scheme: 'bearer' });
  const operated = createRouter();
  operated.route('/', partnerRoutes(ctx));
  operated.route('/', outboxRoutes(ctx));
  operated.route('/', drainRoutes(ctx));
  operated.openAPIRegistry.registerComponent('securitySchemes', 'operatorToken', { type: 'http', scheme: 'bearer' });

  for (const path of ['/v1/partners/*', '/v1/outbox/*', '/v1/drain'])
    app.use(path, operatorOnly(config.OPERATOR_TOKEN));
  app.use('/internal/*', verifyHop(config.HOP_KEY, ctx.now));
  for (const path of ['/v1/products', '/v1/localities', '/v1/quotes/*', '/v1/policies/*']) {
    app.use(path, verifyHop(config.HOP_KEY, ctx.now));
  }
  app.route('/', operated);
  app.route('/', internalPartnerRoutes(ctx));
  app.route('/', internalCatalogueRoutes(ctx));
  app.route('/', forwarded);
  addDocs(app, forwarded, {
    title: 'InsureTech',
    description: 'Compare the offers of many insurers and buy a policy.',
  });
  addDocs(app, operated, {
    title: 'core-app, operator API',
    description: 'Partners of this region, the outbox of its policies, and its drain.',
    prefix: '/operator',
  });
  return app;
}
