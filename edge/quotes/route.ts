import { type Context, Hono } from 'hono';
import { type EdgeContext, type EdgeEnv, originOf } from '../context.ts';
import { answerReading } from './answer.ts';
import type { Cache } from './cache.ts';
import { canonicalQuery } from './canonical-query.ts';

/** Plain, so that edge and core read one path alike. */
const PATH = /^\/v1\/(products|localities|quotes\/[a-z]{1,32})$/;

/** Quotes, products and places: public, limited, cached. */
export function publicReads(ctx: EdgeContext, cache: Cache): Hono<EdgeEnv> {
  const read = async (c: Context<EdgeEnv>) => {
    const { pathname, searchParams } = new URL(c.req.url);
    if (!PATH.test(pathname)) return c.notFound();
    const query = canonicalQuery(searchParams);
    return answerReading(ctx, c, await cache.read(query ? `${pathname}?${query}` : pathname, originOf(c)));
  };
  return new Hono<EdgeEnv>().get('/v1/products', read).get('/v1/localities', read).get('/v1/quotes/:product', read);
}

/** The API's description, forwarded from core; a query means nothing here and cannot make a new key. */
export function apiPages(ctx: EdgeContext, cache: Cache): Hono<EdgeEnv> {
  const page = (target: string) => async (c: Context<EdgeEnv>) =>
    answerReading(ctx, c, await cache.read(target, originOf(c)));
  return new Hono<EdgeEnv>().get('/openapi.json', page('/openapi.json')).get('/docs', page('/docs'));
}
