import { Redis } from '@upstash/redis';
import type { EdgeContext } from '../context.ts';

/** DESIGN 4: beyond this a store is as good as away. */
const STORE_TIMEOUT_MS = 250;

type UpstashContext = Pick<EdgeContext, 'config' | 'fetch' | 'deadline'>;

/** A client of Upstash's REST API over the context's own fetch; undefined when none is configured. Never retries. */
export function openUpstash(ctx: UpstashContext): Redis | undefined {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = ctx.config;
  if (url === undefined || token === undefined) return undefined;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return new Redis({
    async request<Result>(call: { path?: string[]; body?: unknown }) {
      const target = [url.replace(/\/$/, ''), ...(call.path ?? [])].join('/');
      const body = JSON.stringify(call.body);
      const signal = ctx.deadline(STORE_TIMEOUT_MS);
      const response = await ctx.fetch(target, { method: 'POST', headers, body, signal, redirect: 'manual' });
      if (response.status !== 200) throw new Error(`The store answered ${response.status}`);
      return (await response.json()) as { result?: Result; error?: string };
    },
  });
}
