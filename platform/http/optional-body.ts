import type { MiddlewareHandler } from 'hono';

/**
 * For calls whose body may be left out: a request that announces JSON and brings nothing, as many clients send it, is one
 * without a body, and not one with a body that is no JSON.
 */
export const optionalBody: MiddlewareHandler = async (c, next) => {
  const { method, url, headers } = c.req.raw;
  if (headers.has('content-type') && (await c.req.text()) === '') {
    const kept = new Headers(headers);
    kept.delete('content-type');
    c.req.raw = new Request(url, { method, headers: kept });
  }
  await next();
};
