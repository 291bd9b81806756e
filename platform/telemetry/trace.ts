import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { recordRequest } from '#platform/tracing/record-request.ts';
import { newSpanId, newTraceId, readTraceparent, writeTraceparent } from '#platform/tracing/traceparent.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Who a request is, from the first hop to the outbox. */
export interface TraceVariables {
  traceId: string;
  traceparent: string;
  requestId: string;
}

/** Answers that came from elsewhere have headers that cannot be changed; to copy every answer would take 15 us. */
export function setHeader(c: Context, name: string, value: string): void {
  try {
    c.res.headers.set(name, value);
  } catch {
    c.res = new Response(c.res.body, c.res);
    c.res.headers.set(name, value);
  }
}

/** What a request is called. */
export interface Ids extends Pick<TraceVariables, 'traceId' | 'requestId'> {
  /** The caller's span; undefined when the trace begins here. */
  readonly parentId: string | undefined;
  /** Two hex digits of a `traceparent`: whether the trace is recorded. */
  readonly flags: string;
}

/**
 * The caller's trace goes on, recorded if the caller says so, or one begins; its own id is kept, else it is called as its
 * trace. `header` tells of one by name.
 */
export function idsOf(header: (name: string) => string | null | undefined, tracer?: Pick<Tracer, 'samples'>): Ids {
  const carried = header('traceparent');
  const known = carried ? readTraceparent(carried) : undefined;
  const traceId = known?.traceId ?? newTraceId();
  const asked = header('x-request-id');
  return {
    traceId,
    parentId: known?.spanId,
    flags: known?.flags ?? (tracer && !tracer.samples(traceId) ? '00' : '01'),
    requestId: asked && REQUEST_ID.test(asked) ? asked : known ? newTraceId() : traceId,
  };
}

/** Continues the caller's trace or begins one, and records the request; every answer carries `x-request-id`. */
export function trace(tracer?: Tracer): MiddlewareHandler<{ Variables: TraceVariables }> {
  return async (c, next) => {
    const ids = idsOf((name) => c.req.header(name), tracer);
    const { traceId, flags, requestId } = ids;
    const spanId = newSpanId();
    const startMs = tracer?.now() ?? 0;
    c.set('traceId', traceId);
    c.set('traceparent', writeTraceparent({ traceId, spanId, flags }));
    c.set('requestId', requestId);
    await next();
    setHeader(c, 'x-request-id', requestId);
    if (!tracer) return;
    const { method } = c.req;
    recordRequest(tracer, { ...ids, spanId, method, route: routePath(c), status: c.res.status, startMs });
  };
}
