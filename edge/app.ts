import { Hono } from 'hono';
import { healthRoutes } from '#platform/lifecycle/health.ts';
import { onError, onNotFound } from '#platform/problem/handlers.ts';
import { trace } from '#platform/telemetry/trace.ts';
import { allowOrigins } from './answers/allow-origins.ts';
import { protectAnswers } from './answers/protect-answers.ts';
import { tellTimes } from './answers/server-timing.ts';
import type { EdgeContext, EdgeEnv } from './context.ts';
import { refuseOversized } from './forward/refuse-oversized.ts';
import { forwardPolicies, POLICY_ROUTES } from './forward/route.ts';
import { admit, tellLimits } from './limits/admit.ts';
import { createLimiter, type Limiter } from './limits/limiter.ts';
import { observeRequests } from './observe-requests.ts';
import { createGoodKeys } from './partners/good-keys.ts';
import { createPartnerDirectory } from './partners/partner-directory.ts';
import { refuseLeakedKeys } from './partners/refuse-leaked-keys.ts';
import { type AnswerAtOnce, atOnceOverFetch, type Doors, orRouter } from './quotes/at-once.ts';
import { type Cache, createCache } from './quotes/cache.ts';
import { apiPages, publicReads } from './quotes/route.ts';
import { createHitServer } from './quotes/serve-hit.ts';
import { createShedder } from './quotes/shed-quote.ts';

/** Its `fetch` answers everything. A runtime that would make a Request just for it may try `answerAtOnce` before. */
export type EdgeApp = Hono<EdgeEnv> & {
  readonly answerAtOnce: AnswerAtOnce;
  /** How things stand, for who measures. */
  readonly limiter: Pick<Limiter, 'tally' | 'tokensHeld'>;
  readonly cache: Pick<Cache, 'size' | 'isOverloaded'>;
};

/** The edge of a region, the same on every runtime. Made once: cache, counts and partners live in it. */
export function createEdgeApp(ctx: EdgeContext): EdgeApp {
  const directory = createPartnerDirectory(ctx);
  const limiter = createLimiter(ctx);
  const cache = createCache(ctx);
  const doors = { directory, limiter, goodKeys: createGoodKeys() };
  const anybody = admit(ctx, { ...doors, keyRequired: false });
  const partners = admit(ctx, { ...doors, keyRequired: true });
  const app = new Hono<EdgeEnv>();
  app.use(trace(ctx.tracer));
  app.use(protectAnswers);
  app.use(refuseLeakedKeys(ctx));
  app.use(observeRequests(ctx));
  if (ctx.config.CORS_ORIGINS.length > 0) app.use(allowOrigins(ctx.config.CORS_ORIGINS));
  app.onError(onError((fields, message) => ctx.log.error(fields, message)));
  app.route('/', healthRoutes(ctx.health, ctx));
  app.route('/', apiPages(ctx, cache));
  for (const path of ['/v1/products', '/v1/localities', '/v1/quotes/*'])
    app.use(path, tellTimes(ctx), tellLimits(ctx, limiter), anybody);
  app.use('/v1/policies/*', tellTimes(ctx), tellLimits(ctx, limiter), partners);
  app.use('/v1/*', refuseOversized);
  app.route('/', publicReads(ctx, cache));
  app.route('/', forwardPolicies(ctx));
  app.notFound(onNotFound([...app.routes, ...POLICY_ROUTES]));
  const { fetch } = app;
  const answerAtOnce = createAnswerAtOnce(ctx, { ...doors, cache });
  const fetchAtOnce = atOnceOverFetch(answerAtOnce);
  app.fetch = (request, env, executionCtx) => fetchAtOnce(request, executionCtx) ?? fetch(request, env, executionCtx);
  return Object.assign(app, { answerAtOnce, limiter, cache });
}

/** A hit, or the refusal of what would be refused anyway. What an origin is told of an answer is the router's to say. */
function createAnswerAtOnce(ctx: EdgeContext, doors: Doors): AnswerAtOnce {
  if (ctx.config.CORS_ORIGINS.length > 0) return () => undefined;
  const [serveHit, shedQuote] = [createHitServer(ctx, doors), createShedder(ctx, doors)];
  return orRouter(ctx, (asked) => serveHit(asked) ?? shedQuote(asked));
}
