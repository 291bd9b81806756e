import { createRoute, z } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';
import { createRouter } from './create-app.ts';
import { optionalBody } from './optional-body.ts';
import { json } from './responses.ts';

const Body = z.strictObject({ by: z.string().default('nobody') });
const route = createRoute({
  method: 'post',
  path: '/',
  request: { body: { required: false, ...json(Body) } },
  responses: { 200: { description: '', ...json(Body) } },
});

const app = createRouter();
app.onError((error, c) => c.json({ by: error.message }, 400));
app.use(optionalBody);
app.openapi(route, (c) => c.json(Body.parse(c.req.valid('json') ?? {}), 200));

const JSON_TYPE = { 'content-type': 'application/json' };

test.each<[string, RequestInit, number, string?]>([
  ['no body', {}, 200, 'nobody'],
  ['no body, announced as JSON', { headers: JSON_TYPE }, 200, 'nobody'],
  ['an empty body, announced as JSON', { headers: JSON_TYPE, body: '' }, 200, 'nobody'],
  ['a body', { headers: JSON_TYPE, body: '{"by":"anna"}' }, 200, 'anna'],
  ['a body that is no JSON', { headers: JSON_TYPE, body: '{' }, 400],
  ['a body with a wrong field', { headers: JSON_TYPE, body: '{"who":"anna"}' }, 400],
])('over a socket and without one, %s is taken for what it is', async (_, init, status, by) => {
  await using server = await serve(app.fetch, { host: '127.0.0.1', port: 0, quietMs: 0 });
  const answers = [
    await fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', ...init }),
    await app.request('/', { method: 'POST', ...init }),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(status);
    if (by) expect(await answer.json()).toEqual({ by });
  }
});
