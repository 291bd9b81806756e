import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import type { Registry } from 'prom-client';
import { type Health, healthRoutes } from '#platform/lifecycle/health.ts';
import { observeHealth } from '#platform/lifecycle/observe-health.ts';
import { DomainError, InvalidRequest } from '#platform/problem/domain-error.ts';
import { onError, onNotFound } from '#platform/problem/handlers.ts';
import { fieldErrors } from '#platform/problem/zod-fields.ts';
import { countRequests } from '#platform/telemetry/count-requests.ts';
import type { Logger } from '#platform/telemetry/log.ts';
import { type TraceVariables, trace } from '#platform/telemetry/trace.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { docsPage } from './docs-page.ts';

/** DESIGN 2: a body over this is refused with 413. */
export const MAX_BODY_BYTES = 64 * 1024;

export type ServiceEnv = { Variables: TraceVariables };
export type ServiceApp = OpenAPIHono<ServiceEnv>;

/** What the shell of every service's HTTP needs. */
export interface AppContext {
  readonly log: Logger;
  readonly registry: Registry;
  readonly health: Health;
  readonly now: () => number;
  /** Absent where nothing is traced. */
  readonly tracer?: Tracer | undefined;
}

/** A router whose validation failures are problems that name the field. Features add their routes to one of these. */
export function createRouter(): ServiceApp {
  return new OpenAPIHono<ServiceEnv>({
    defaultHook: (result) => {
      if (!result.success)
        throw new InvalidRequest(fieldErrors(result.error, result.target === 'json' ? 'body' : result.target));
    },
  });
}

/** What an API page says of itself. */
export interface About {
  readonly title: string;
  readonly description: string;
}

/** The shell that core, settlement and aggregator share: trace, log, metrics, health, problems and body limit. */
export function createApp(ctx: AppContext): ServiceApp {
  const app = createRouter();
  observeHealth(ctx.registry, ctx.health);
  app.use(trace(ctx.tracer));
  app.use(tellRequests(ctx));
  app.use(limitBody());
  app.onError(onError((fields, message) => ctx.log.error(fields, message)));
  app.notFound(onNotFound(app.routes));
  app.route('/', healthRoutes(ctx.health, ctx));
  app.get('/metrics', async (c) =>
    c.body(await ctx.registry.metrics(), 200, { 'content-type': ctx.registry.contentType }),
  );
  return app;
}

/** Serves the routes of `router` as OpenAPI 3.1 at `{prefix}/openapi.json` and as a page at `{prefix}/docs`. */
export function addDocs(
  app: ServiceApp,
  router: ServiceApp,
  { prefix = '', ...info }: About & { prefix?: string },
): void {
  const describe = () => router.getOpenAPI31Document({ openapi: '3.1.0', info: { ...info, version: '1.0.0' } });
  app.get(`${prefix}/openapi.json`, (c) => c.json(describe()));
  app.get(`${prefix}/docs`, (c) => c.html(docsPage(describe())));
}

/** What says its length is refused or passed by that: to count it, the body would have to become a stream, at 20 us. */
function limitBody(): MiddlewareHandler<ServiceEnv> {
  const count = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseBody });
  return (c, next) => {
    const length = c.req.header('content-length');
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return count(c, next);
    return Number(length) <= MAX_BODY_BYTES ? next() : refuseBody();
  };
}

function refuseBody(): never {
  throw new DomainError('payload-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes`);
}

/** One count and one line a request; of probes and scrapes no line. */
function tellRequests(ctx: AppContext): MiddlewareHandler<ServiceEnv> {
  const count = countRequests(ctx.registry);
  return async (c, next) => {
    const startedAt = ctx.now();
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const ms = ctx.now() - startedAt;
    count({ method, route: routePath(c), status, ms });
    if (path.startsWith('/healthz') || path === '/metrics') return;
    const fields = { method, path, status, ms };
    ctx.log.info({ ...fields, traceId: c.get('traceId'), requestId: c.get('requestId') }, 'request');
  };
}
