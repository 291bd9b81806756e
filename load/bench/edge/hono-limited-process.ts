import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { serve } from '@hono/node-server';
import { Redis } from '@upstash/redis';
import { Hono, type MiddlewareHandler } from 'hono';
import type { Fixed } from './bare-process.ts';

/** As much of hono-rate-limiter as is used. */
interface Library {
  rateLimiter(config: object): MiddlewareHandler;
  RedisStore: new (options: { client: Redis }) => object;
}

// hono-rate-limiter in front of the same bytes, and nothing else: no keys, no cache. Counts in its memory, or in the store.
const [library = '', file = '', port, limit] = process.argv.slice(2);
const { rateLimiter, RedisStore } = createRequire(import.meta.url)(library) as Library;
const fixed = JSON.parse(readFileSync(file, 'utf8')) as Fixed;
const text = Buffer.from(fixed.body, 'base64').toString();
const headers = Object.fromEntries(Object.entries(fixed.headers).filter(([name]) => !name.startsWith('ratelimit')));
const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;

const limiter = rateLimiter({
  windowMs: 1_000,
  limit: Number(limit),
  standardHeaders: 'draft-7',
  keyGenerator: (c: { req: { header(name: string): string | undefined } }) => c.req.header('authorization') ?? '',
  ...(url && token && { store: new RedisStore({ client: new Redis({ url, token, enableTelemetry: false }) }) }),
});
const app = new Hono().use(limiter).get('*', (c) => c.body(text, 200, headers));
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' });
