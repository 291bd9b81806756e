import type { Context, MiddlewareHandler } from 'hono';
import { setHeader } from '#platform/telemetry/trace.ts';

/** What a page may read besides what the Fetch Standard lets every page read. */
const EXPOSED = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'ETag',
  'Age',
  'Cache-Status',
  'Idempotency-Replayed',
  'X-Request-Id',
  'Server-Timing',
].join(', ');

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD, POST',
  'access-control-allow-headers':
    'Authorization, Content-Type, Idempotency-Key, If-None-Match, traceparent, X-Request-Id',
  // The longest that Chromium keeps it. An origin taken off the list is refused at once all the same: answers tell it too.
  'access-control-max-age': '7200',
};

/**
 * The CORS protocol of the Fetch Standard for pages of these origins, without credentials: a partner's key is a header, and
 * there are no cookies. Every answer varies by Origin, so that no cache gives one page what was told another. Preflights
 * end here, before anything counts or is asked.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  const allowed = new Set(origins);
  return async (c, next) => {
    const origin = c.req.header('origin');
    const isPreflight = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
    if (origin !== undefined && isPreflight) c.res = new Response(null, { status: 204 });
    else await next();
    setHeader(c, 'vary', [c.res.headers.get('vary'), 'Origin'].filter(Boolean).join(', '));
    if (origin === undefined || !allowed.has(origin)) return;
    setHeader(c, 'access-control-allow-origin', origin);
    if (isPreflight) tellPreflight(c);
    else tellReader(c, origin);
  };
}

function tellPreflight(c: Context): void {
  for (const [name, value] of Object.entries(PREFLIGHT)) setHeader(c, name, value);
}

/** Resource Timing shows a page the parts of Server-Timing only of hosts that say it may see them. */
function tellReader(c: Context, origin: string): void {
  setHeader(c, 'access-control-expose-headers', EXPOSED);
  setHeader(c, 'timing-allow-origin', origin);
}
