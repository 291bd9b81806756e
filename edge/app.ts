import { Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { healthRoutes } from '#platform/lifecycle/health.ts';
import { onError, onNotFound } from '#platform/problem/handlers.ts';
import { trace } from '#platform/telemetry/trace.ts';
import { allowOrigins } from './answers/allow-origins.ts';
import { protectAnswers } from './answers/protect-answers.ts';
import { tellTimes } from './answers/server-timing.ts';
import type { EdgeContext, EdgeEnv } from './context.ts';
import { refuseOversized } from './forward/refuse-oversized.ts';
import { forwardPolicies } from './forward/route.ts';
import { admit, tellLimits } from './limits/admit.ts';
import { createLimiter } from './limits/limiter.ts';
import { createKeyCheck } from './partners/good-keys.ts';
import { createPartnerDirectory } from './partners/partner-directory.ts';
import { refuseLeakedKeys } from './partners/refuse-leaked-keys.ts';
import { createCache } from './quotes/cache.ts';
import { apiPages, publicReads } from './quotes/route.ts';

/** The edge of a region, the same on every runtime. Made once: cache, counts and partners live in it. */
export function createEdgeApp(ctx: EdgeContext): Hono<EdgeEnv> {
  const directory = createPartnerDirectory(ctx);
  const limiter = createLimiter(ctx);
  const cache = createCache(ctx);
  const doors = { directory, limiter, checkKey: createKeyCheck() };
  const anybody = admit(ctx, { ...doors, keyRequired: false });
  const partners = admit(ctx, { ...doors, keyRequired: true });
  const app = new Hono<EdgeEnv>();
  app.use(trace());
  app.use(protectAnswers);
  app.use(refuseLeakedKeys(ctx));
  app.use(observeRequests(ctx));
  if (ctx.config.CORS_ORIGINS.length > 0) app.use(allowOrigins(ctx.config.CORS_ORIGINS));
  app.onError(onError((fields, message) => ctx.log.error(fields, message)));
  app.notFound(onNotFound);
  app.route('/', healthRoutes(ctx.health, ctx.now));
  app.route('/', apiPages(ctx, cache));
  for (const path of ['/v1/products', '/v1/localities', '/v1/quotes/*'])
    app.use(path, tellTimes(ctx), tellLimits(ctx, limiter), anybody);
  app.use('/v1/policies/*', tellTimes(ctx), tellLimits(ctx, limiter), partners);
  app.use('/v1/*', refuseOversized);
  app.route('/', publicReads(ctx, cache));
  app.route('/', forwardPolicies(ctx));
  return app;
}

/** One line and one count a request, probes aside. Paths only: a query may say who asks. */
function observeRequests(ctx: EdgeContext): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const startedAt = ctx.now();
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const ms = ctx.now() - startedAt;
    ctx.observe({ kind: 'request', method, route: routePath(c, -1), status, ms });
    if (path.startsWith('/healthz')) return;
    const said = { method, path, status, ms, traceId: c.get('traceId'), requestId: c.get('requestId') };
    ctx.log.info({ ...said, partner: c.get('partner')?.id }, 'request');
  };
}
