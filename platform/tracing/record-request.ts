import { knownMethod } from './known-method.ts';
import { isSampled } from './traceparent.ts';
import type { Tracer } from './tracer.ts';

/** A request that was answered here. */
interface Answered {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string | undefined;
  readonly flags: string;
  readonly method: string;
  /** The template that it matched. */
  readonly route: string;
  readonly status: number;
  readonly startMs: number;
}

/** Asked for every few seconds by machines, of which nobody wants a trace. */
const PROBES = /^\/(healthz|metrics)(\/|$)/;

/**
 * Records the server's span of a request, when its trace is recorded. By the semantic conventions for HTTP, but without
 * `url.path` and what else is of the caller's own writing: it may be somebody's name, or a key in the wrong place.
 */
export function recordRequest(tracer: Tracer, { method: asked, route, status, startMs, ...ids }: Answered): void {
  if (!isSampled(ids) || PROBES.test(route)) return;
  const method = knownMethod(asked);
  const { traceId, spanId, parentId } = ids;
  tracer.record({
    traceId,
    spanId,
    parentId,
    kind: 'server',
    name: `${method === '_OTHER' ? 'HTTP' : method} ${route}`,
    startMs,
    endMs: tracer.now(),
    attributes: { 'http.request.method': method, 'http.route': route, 'http.response.status_code': status },
    failed: status >= 500,
  });
}
