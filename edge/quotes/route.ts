import { type Context, Hono } from 'hono';
import { timeWork } from '../answers/server-timing.ts';
import { type EdgeContext, type EdgeEnv, originOf } from '../context.ts';
import { answerReading } from './answer.ts';
import type { Cache } from './cache.ts';
import { readingMetrics } from './reading-metrics.ts';

/** Plain paths, so that edge and core read one path alike. */
const TARGET = /^\/v1\/(products|localities|quotes\/[a-z]{1,32})(\?|$)/;

/** Quotes, products and places: public, limited, cached. */
export function publicReads(ctx: EdgeContext, cache: Cache): Hono<EdgeEnv> {
  const { now } = ctx;
  const readTimed = (c: Context<EdgeEnv>, target: string) =>
    timeWork(c, {
      now,
      admittedAt: now(),
      run: () => cache.read(target, originOf(c)),
      tell: (ms, reading) => readingMetrics(reading, { ms, now: now() }),
    });
  const read = async (c: Context<EdgeEnv>) => {
    const { url } = c.req;
    // As it came: what it means is looked up, and seldom has to be read.
    const target = url.slice(url.indexOf('/', 'https://'.length));
    if (!TARGET.test(target)) return c.notFound();
    return answerReading(ctx, c, await readTimed(c, target));
  };
  return new Hono<EdgeEnv>().get('/v1/products', read).get('/v1/localities', read).get('/v1/quotes/:product', read);
}

/** The API's description, forwarded from core; a query means nothing here and cannot make a new key. */
export function apiPages(ctx: EdgeContext, cache: Cache): Hono<EdgeEnv> {
  const page = (target: string) => async (c: Context<EdgeEnv>) =>
    answerReading(ctx, c, await cache.read(target, originOf(c)));
  return new Hono<EdgeEnv>().get('/openapi.json', page('/openapi.json')).get('/docs', page('/docs'));
}
