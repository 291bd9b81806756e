import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Unauthenticated } from '#platform/problem/domain-error.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Lets through only `Authorization: Bearer <operator token>`; compared in constant time. */
export function operatorOnly(token: string): MiddlewareHandler {
  const expected = digest(`Bearer ${token}`);
  return async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected)) {
      throw new Unauthenticated('This call needs the operator token: Authorization: Bearer <token>');
    }
    await next();
  };
}
