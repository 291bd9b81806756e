import { createRoute, z } from '@hono/zod-openapi';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Problem } from '#contracts/problem.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { addDocs, createApp, createRouter, MAX_BODY_BYTES } from './create-app.ts';
import { json, refusals } from './responses.ts';

const Body = z.strictObject({ name: z.string() });
const route = createRoute({
  method: 'post',
  path: '/v1/things/{id}',
  request: {
    params: z.object({ id: z.string().regex(/^[a-z]+$/, 'must be letters') }),
    query: z.strictObject({ limit: z.enum(['1', '2']).optional() }),
    body: { required: true, ...json(Body) },
  },
  responses: { 200: { description: 'The thing', ...json(Body) }, ...refusals(400, 404) },
});

function room() {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', region: 'msk', level: 'info' }, { write: (line) => lines.push(line) });
  const registry = new Registry();
  const health = { ready: true, checks: {} };
  const app = createApp({ log, registry, health, now: () => 0 });
  const router = createRouter();
  router.openapi(route, (c) => {
    const { name } = c.req.valid('json');
    if (name === 'broken') throw new Error('the inside');
    return c.json({ name }, 200);
  });
  app.route('/', router);
  addDocs(app, router, { title: 'Things', description: 'All of them.' });
  return { app, lines };
}

let { app, lines } = room();
beforeEach(() => {
  ({ app, lines } = room());
});

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  app.request(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return (await response.json()) as Problem;
};

describe('a request that is not valid', () => {
  test.each([
    ['/v1/things/a', '{"name":"x","price":1}', 'price', 'is not a field of this request'],
    ['/v1/things/a', '[]', 'body', 'must be of type object'],
    ['/v1/things/a?colour=red', '{"name":"x"}', 'colour', 'is not a field of this request'],
    ['/v1/things/A', '{"name":"x"}', 'id', 'must be letters'],
  ])('POST %s %s is 400 and names the field', async (path, body, field, message) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toEqual([{ field, message }]);
  });

  test('JSON that is none is 400', async () => {
    const response = await post('/v1/things/a', '{"name":');
    expect(response.status).toBe(400);
    expect((await problemOf(response)).errors).toEqual([{ field: 'body', message: 'is not valid JSON' }]);
  });

  test('a body over 64 KiB is 413, with and without its length said beforehand', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(MAX_BODY_BYTES) });
    expect((await post('/v1/things/a', body, { 'content-length': String(body.length) })).status).toBe(413);
    const unsaid = await app.request('/v1/things/a', {
      method: 'POST',
      body: new Blob([body]).stream(),
      headers: { 'content-type': 'application/json' },
      duplex: 'half',
    } as RequestInit);
    expect(unsaid.status).toBe(413);
    expect((await problemOf(unsaid)).type).toMatch(/payload-too-large$/);
  });

  test('a body of 64 KiB is let in', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(MAX_BODY_BYTES - '{"name":""}'.length) });
    expect(body.length).toBe(MAX_BODY_BYTES);
    expect((await post('/v1/things/a', body)).status).toBe(200);
  });
});

test('an error that nobody meant is 500 without its message, and the log has it under the same traceId', async () => {
  const response = await post('/v1/things/a', '{"name":"broken"}');
  const problem = await problemOf(response);
  expect(response.status).toBe(500);
  expect(JSON.stringify(problem)).not.toContain('the inside');
  const logged = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error');
  expect(logged).toMatchObject({ traceId: problem.traceId, err: { message: 'the inside' } });
});

test('every request is one line of the log, without its query or body; probes and metrics are none', async () => {
  await post('/v1/things/a?limit=1', '{"name":"Иванов"}', { 'x-request-id': 'request-1' });
  for (const path of ['/healthz/live', '/healthz/ready', '/healthz/gslb', '/metrics']) await app.request(path);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'request',
    method: 'POST',
    path: '/v1/things/a',
    status: 200,
    requestId: 'request-1',
  });
  expect(lines[0]).not.toMatch(/limit|Иванов/);
});

test('R8 /metrics counts requests by route and status, never by what is in the path', async () => {
  await post('/v1/things/a', '{"name":"x"}');
  await post('/v1/things/secretname', '{"name":"broken"}');
  const metrics = await (await app.request('/metrics')).text();
  expect(metrics).toMatch(/http_requests_total\{[^}]*status="200"[^}]*route="\/v1\/things\/:id"[^}]*\} 1/);
  expect(metrics).toMatch(/http_requests_total\{[^}]*status="500"[^}]*\} 1/);
  expect(metrics).not.toContain('secretname');
});

test('openapi.json is OpenAPI 3.1 made from the routes, with each refusal', async () => {
  const document = (await (await app.request('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, { post: { responses: Record<string, { description: string }> } }>;
  };
  expect(document.openapi).toBe('3.1.0');
  const { responses } = document.paths['/v1/things/{id}']?.post ?? { responses: {} };
  expect(Object.keys(responses)).toEqual(['200', '400', '404']);
  expect(responses['404']?.description).toBe('not-found: Not found');
  expect((await app.request('/docs')).headers.get('content-type')).toContain('text/html');
});
