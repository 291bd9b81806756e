import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestCore, HOLDER, partner, query, type TestCore, tariff } from './core.testing.ts';
import { describeProducts } from './quotes/describe-products.ts';

let core: TestCore;
beforeEach(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
});
afterEach(() => core[Symbol.asyncDispose]());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { parameters?: { name: string; in: string }[]; security?: object[] }>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}
const documentAt = async (path: string) => (await (await core.app.request(path)).json()) as Document;
const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
/** Names of schemas that the paths and other schemas point to. */
const referred = (document: Document) =>
  new Set([...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]));

describe('the description', () => {
  test('/openapi.json is OpenAPI 3.1 of exactly the public calls and their schemas', async () => {
    const document = await documentAt('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(operationsOf(document).sort()).toEqual([
      'get /v1/localities',
      'get /v1/policies',
      'get /v1/policies/{id}',
      'get /v1/products',
      'get /v1/quotes/life',
      'get /v1/quotes/osago',
      'get /v1/quotes/property',
      'get /v1/quotes/travel',
      'get /v1/quotes/{product}',
      'post /v1/policies',
      'post /v1/policies/{id}/cancel',
    ]);
    const schemas = Object.keys(document.components.schemas);
    for (const name of ['Quote', 'Policy', 'IssueRequest', 'Problem', 'Products']) expect(schemas).toContain(name);
    for (const name of referred(document)) expect(schemas).toContain(name);
    expect(schemas.filter((name) => name.startsWith('Partner'))).toEqual([]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['partnerKey']);
  });

  test('/openapi.json names the risk parameters, the Idempotency-Key and which calls need a key', async () => {
    const { paths } = await documentAt('/openapi.json');
    for (const { product, parameters } of describeProducts(core.ctx).items) {
      const quote = paths[`/v1/quotes/${product}`]?.['get'];
      const names = quote?.parameters?.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(names).toEqual(parameters.map(({ name }) => `query ${name}`));
      expect(quote?.security).toBeUndefined();
    }
    const issue = paths['/v1/policies']?.['post'];
    expect(issue?.parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'idempotency-key' }));
    expect(issue?.security).toEqual([{ partnerKey: [] }]);
  });

  test('/openapi.json tells how to page through policies and to cancel one', async () => {
    const { paths } = await documentAt('/openapi.json');
    const schema = { type: 'integer', minimum: 1, maximum: 100, default: 20 };
    expect(paths['/v1/policies']?.['get']?.parameters).toEqual([
      expect.objectContaining({ in: 'query', name: 'limit', required: false, schema: expect.objectContaining(schema) }),
      expect.objectContaining({ in: 'query', name: 'cursor', required: false }),
    ]);
    const cancel = paths['/v1/policies/{id}/cancel']?.['post'];
    expect(cancel?.parameters?.map(({ name }) => name)).toEqual(['id', 'idempotency-key']);
    expect(cancel?.security).toEqual([{ partnerKey: [] }]);
  });

  test("/operator/openapi.json is the operator's, and the edge's own call is in neither", async () => {
    const document = await documentAt('/operator/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(operationsOf(document).sort()).toEqual([
      'get /v1/drain',
      'get /v1/outbox',
      'get /v1/partners/{id}',
      'post /v1/outbox/replay',
      'put /v1/drain',
      'put /v1/partners/{id}',
    ]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['operatorToken']);
    for (const path of ['/openapi.json', '/operator/openapi.json'])
      expect(JSON.stringify(await documentAt(path))).not.toContain('/internal');
  });

  test.each(['/docs', '/operator/docs'])('%s works offline: no script, nothing from elsewhere', async (path) => {
    const answer = await core.app.request(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    const page = await answer.text();
    expect(page).not.toMatch(/<(script|link|iframe|img)\b/i);
    expect(page).not.toMatch(/(src|href|action)\s*=\s*["']?\s*(https?:)?\/\//i);
    expect(page).not.toMatch(/url\(|@import/i);
    for (const operation of operationsOf(await documentAt(path.replace('docs', 'openapi.json')))) {
      expect(page).toContain(operation.replace(/^\w+/, (method) => method.toUpperCase()));
    }
  });
});

describe('health', () => {
  const at = async (path: string) => {
    const answer = await core.app.request(path);
    return { status: answer.status, ...((await answer.json()) as { checks: object }) };
  };
  const beats = async () => (await core.admin`select at from core.heartbeat`).length;

  test('S1 /healthz/gslb is good when a row was committed', async () => {
    expect(await beats()).toBe(0);
    expect(await at('/healthz/gslb')).toMatchObject({ status: 'ok', checks: { database: 'ok' } });
    expect((await core.app.request('/healthz/gslb')).status).toBe(200);
    expect(await beats()).toBe(1);
  });

  test('S1 /healthz/gslb fails within a second of the database being away; live and ready do not', async () => {
    expect((await core.app.request('/healthz/gslb')).status).toBe(200);
    await core.ctx.sql.end();
    core.advance(1_000);
    const answer = await core.app.request('/healthz/gslb');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'failing', checks: { database: 'failing', drain: 'failing' } },
    ]);
    for (const path of ['/healthz/live', '/healthz/ready']) expect((await core.app.request(path)).status).toBe(200);
  });

  test('S1 /healthz/gslb asks the database once for all probes of a second', async () => {
    await Promise.all(Array.from({ length: 20 }, () => core.app.request('/healthz/gslb')));
    await core.admin`delete from core.heartbeat`;
    core.advance(999);
    await core.app.request('/healthz/gslb');
    expect(await beats()).toBe(0);
    core.advance(1);
    await core.app.request('/healthz/gslb');
    expect(await beats()).toBe(1);
  });

  test('while not ready, ready and gslb fail and live does not', async () => {
    core.health.ready = false;
    const statuses = ['/healthz/ready', '/healthz/gslb', '/healthz/live'].map(
      async (path) => (await core.app.request(path)).status,
    );
    expect(await Promise.all(statuses)).toEqual([503, 503, 200]);
  });
});

test('/metrics counts requests by route and status, never by address', async () => {
  await core.call(`/v1/quotes/osago?${query()}`);
  await core.call('/v1/policies/msk-canary', { by: 'alfa' });
  const text = await (await core.app.request('/metrics')).text();
  const counts = text.split('\n').filter((line) => line.startsWith('http_requests_total{'));
  expect(counts.some((line) => line.includes('/v1/quotes/osago') && line.includes('200'))).toBe(true);
  expect(counts.some((line) => line.includes('/v1/policies/:id') && line.includes('404'))).toBe(true);
  expect(text).not.toContain('canary');
});

describe('an unexpected error', () => {
  const sell = async () => {
    const quote = (await (await core.call(`/v1/quotes/osago?${query()}`)).json()) as { offers: { token: string }[] };
    const body = JSON.stringify({ offer: quote.offers[0]?.token, holder: HOLDER, startsOn: '2026-11-23' });
    const headers = { 'idempotency-key': 'key-of-a-failure' };
    return core.call('/v1/policies', { method: 'POST', by: 'alfa', body, headers });
  };

  test('is answered with a bare internal problem, and logged with its cause under the trace that it names', async () => {
    await core.admin`revoke insert on core.outbox from core`;
    const answer = await sell();
    const problem = (await answer.json()) as Record<string, string>;
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(problem).toEqual({
      type: expect.stringMatching(/\/internal$/),
      title: 'Internal error',
      status: 500,
      detail: 'Something went wrong on our side; the traceId finds it in our logs',
      instance: '/v1/policies',
      traceId: expect.any(String),
    });
    const line = core.logged.find((text) => text.includes('unexpected error'));
    expect(line).toContain(problem['traceId']);
    expect(line).toContain('permission denied for table outbox');
  });

  test('brings nothing of the holder into the log, although Postgres repeats the row that breaks a constraint', async () => {
    await core.admin`alter table core.policies add constraint broken check (premium_minor < 0)`;
    expect((await sell()).status).toBe(500);
    const said = core.logged.join('');
    expect(said).toContain('broken');
    for (const value of Object.values(HOLDER)) expect(said).not.toContain(value);
  });
});

test('requests are logged with path, status and trace, and without query, key or body', async () => {
  await core.call(`/v1/quotes/osago?${query({ subject: 'Canaryland' })}`, {
    headers: { authorization: 'Bearer canary' },
  });
  const line = core.logged.find((text) => text.includes('"msg":"request"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ method: 'GET', path: '/v1/quotes/osago', status: 400, service: 'core-app' });
  expect(core.logged.join('').toLowerCase()).not.toContain('canary');
});
