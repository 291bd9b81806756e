import type { Context, MiddlewareHandler } from 'hono';
import { problemResponse } from '#platform/problem/answer.ts';
import type { EdgeContext, EdgeEnv } from '../context.ts';

/** A partner's key, or most of one. Not inside a longer word: a cursor may hold anything. */
const KEY = /(?<![A-Za-z0-9_-])ik_([a-z][a-z0-9-]{1,31})_[A-Za-z0-9_-]{16}/;
const MESSAGE =
  'must not hold a key: it belongs in Authorization: Bearer ik_{partner}_{secret} alone. Addresses are written to logs on ' +
  'their way: consider this key leaked and have another one issued';
/** Escapes of escapes: proxies add some. */
const MOST_ROUNDS = 3;

/**
 * Refuses a request that shows a key anywhere but in Authorization: in its address, or in a header that is kept. It comes
 * before all that logs, caches, or sends on, and says nothing of the address but whose key it claims to be.
 */
export function refuseLeakedKeys(ctx: Pick<EdgeContext, 'log' | 'observe'>): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const leak = findLeak(c);
    if (!leak) return next();
    const traceId = c.get('traceId');
    ctx.log.warn({ ...leak, traceId }, 'a key was shown outside Authorization: it is to be considered leaked');
    ctx.observe({ kind: 'request', method: c.req.method, route: '/*', status: 400, ms: 0 });
    const errors = [{ field: leak.field, message: MESSAGE }];
    return problemResponse('invalid-request', `The request is not valid: ${leak.field} ${MESSAGE}`, {
      instance: '/',
      errors,
      traceId,
    });
  };
}

/** Where a key stands that should not, and the partner that it names. */
function findLeak(c: Context): { field: string; partner: string } | undefined {
  const places = [
    ['url', unescaped(c.req.url)],
    ['idempotency-key', c.req.header('idempotency-key') ?? ''],
    ['x-request-id', c.req.header('x-request-id') ?? ''],
  ] as const;
  for (const [field, text] of places) {
    const partner = KEY.exec(text)?.[1];
    if (partner !== undefined) return { field, partner };
  }
  return undefined;
}

/** Byte by byte: a key is ASCII, and an escape that is no UTF-8 must not hide it. */
function unescaped(url: string): string {
  let text = url;
  for (let round = 0; round < MOST_ROUNDS && text.includes('%'); round += 1) {
    text = text.replace(/%([0-9a-f]{2})/gi, (_escape, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
  }
  return text;
}
