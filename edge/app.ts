import { Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { healthRoutes } from '#platform/lifecycle/health.ts';
import { onError, onNotFound } from '#platform/problem/handlers.ts';
import { trace } from '#platform/telemetry/trace.ts';
import type { EdgeContext, EdgeEnv } from './context.ts';
import { forwardPolicies } from './forward/route.ts';
import { admit, tellLimits } from './limits/admit.ts';
import { createLimiter } from './limits/limiter.ts';
import { createPartnerDirectory } from './partners/partner-directory.ts';
import { createCache } from './quotes/cache.ts';
import { apiPages, publicReads } from './quotes/route.ts';

/** The edge of a region, the same on every runtime. Made once: cache, counts and partners live in it. */
export function createEdgeApp(ctx: EdgeContext): Hono<EdgeEnv> {
  const directory = createPartnerDirectory(ctx);
  const limiter = createLimiter(ctx);
  const cache = createCache(ctx);
  const anybody = admit(ctx, { directory, limiter, keyRequired: false });
  const partners = admit(ctx, { directory, limiter, keyRequired: true });
  const app = new Hono<EdgeEnv>();
  app.use(trace());
  app.use(observeRequests(ctx));
  app.onError(onError((fields, message) => ctx.log.error(fields, message)));
  app.notFound(onNotFound);
  app.route('/', healthRoutes(ctx.health, ctx.now));
  app.route('/', apiPages(ctx, cache));
  for (const path of ['/v1/products', '/v1/localities', '/v1/quotes/*'])
    app.use(path, tellLimits(ctx, limiter), anybody);
  app.use('/v1/policies/*', tellLimits(ctx, limiter), partners);
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
