import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { Hono } from 'hono';
import type { Fixed } from './bare-process.ts';

// The limiter that is usual with Upstash, asked for each request, and nothing else: no keys, no cache, the same bytes.
const [file = '', port, limit] = process.argv.slice(2);
const { headers, body } = JSON.parse(readFileSync(file, 'utf8')) as Fixed;
const text = Buffer.from(body, 'base64').toString();
const ratelimit = new Ratelimit({
  redis: new Redis({
    url: process.env['UPSTASH_REDIS_REST_URL'] ?? '',
    token: process.env['UPSTASH_REDIS_REST_TOKEN'] ?? '',
    enableTelemetry: false,
  }),
  limiter: Ratelimit.fixedWindow(Number(limit), '1 s'),
});

const app = new Hono().get('*', async (c) => {
  const { success, remaining, reset } = await ratelimit.limit('bench');
  const left = { ratelimit: `"partner";r=${remaining};t=${Math.ceil((reset - Date.now()) / 1_000)}` };
  return success ? c.body(text, 200, { ...headers, ...left }) : c.body('over the limit', 429, left);
});
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' });
