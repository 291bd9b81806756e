import { Hono } from 'hono';
import { timeWork } from '../answers/server-timing.ts';
import { type EdgeContext, type EdgeEnv, originOf } from '../context.ts';
import { type CoreAnswer, type CoreCall, callCore } from './call-core.ts';
import { readBody } from './read-body.ts';

/** Under `/v1/policies`, plain segments only: nothing encoded, so that edge and core read one path alike. */
const POLICY_PATH = /^\/v1\/policies(\/[A-Za-z0-9_-]{1,80}(\/cancel)?)?$/;
/** What there is below it: here all goes to core by one route. */
export const POLICY_ROUTES = [
  { method: 'GET', path: '/v1/policies' },
  { method: 'POST', path: '/v1/policies' },
  { method: 'GET', path: '/v1/policies/:id{[A-Za-z0-9_-]{1,80}}' },
  { method: 'POST', path: '/v1/policies/:id{[A-Za-z0-9_-]{1,80}}/cancel' },
] as const;
/** Headers of a request that core is to know. */
export const SENT_ON = ['content-type', 'idempotency-key'];
const SENT_BACK = ['content-type', 'idempotency-replayed', 'retry-after', 'location', 'allow'];

/** Policies: everything goes to core as it came, on behalf of the key's partner. */
export function forwardPolicies(ctx: EdgeContext): Hono<EdgeEnv> {
  return new Hono<EdgeEnv>().on(['GET', 'POST'], '/v1/policies/*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    if (!POLICY_PATH.test(pathname)) return c.notFound();
    const admittedAt = ctx.now();
    const call: CoreCall = {
      ...(c.req.method === 'POST' ? { method: 'POST', body: await readBody(ctx, c.req.raw) } : { method: 'GET' }),
      target: pathname + search,
      partner: c.get('partner')?.id,
      headers: pick(c.req.raw.headers, SENT_ON),
      origin: originOf(c),
      gone: c.req.raw.signal,
    };
    const run = () => callCore(ctx, call);
    return respond(await timeWork(c, { now: ctx.now, admittedAt, run, tell: (ms) => `core;dur=${ms}` }));
  });
}

/** Core's answer, with only those of its headers that are meant for clients. */
export function respond({ status, headers, body }: CoreAnswer): Response {
  const kept = { ...pick(headers, SENT_BACK), 'cache-control': 'no-store' };
  return new Response(status === 204 ? null : body, { status, headers: kept });
}

function pick(headers: Headers, names: readonly string[]): Record<string, string> {
  const found = names.map((name) => [name, headers.get(name)] as const);
  return Object.fromEntries(found.filter((pair): pair is readonly [string, string] => pair[1] !== null));
}
