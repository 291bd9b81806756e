import { describe, expect, it, test } from 'vitest';
import { createTestEdge, createTestStore, type TestEdge } from '../edge.testing.ts';
import { ALFA } from '../fake-core.testing.ts';

const { key } = ALFA;
const SECRET = key.slice('ik_alfa_'.length);
const inEscapes = (text: string) =>
  [...text].map((char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

/** Everything that the edge wrote, kept or sent. */
const tracesOf = (edge: TestEdge) => {
  const seen = edge.core.seen.map(({ headers, ...call }) => ({ ...call, headers: [...headers] }));
  return JSON.stringify([edge.logged, edge.observed, edge.storeCalls, edge.sent, seen]);
};
const openEdge = () => createTestEdge({ store: createTestStore(), env: { CORS_ORIGINS: 'https://shop.example' } });

describe('a key outside Authorization', () => {
  test.each<[string, string, RequestInit?]>([
    ['as a parameter', `/v1/quotes/osago?kbm=3&key=${key}`],
    ['as the name of a parameter', `/v1/quotes/osago?${key}`],
    ['with its scheme', `/v1/products?authorization=Bearer%20${key}`],
    ['with a plus for the space', `/v1/products?authorization=Bearer+${key}`],
    ['as a segment of the path', `/v1/${key}/products`],
    ['as the id of a policy', `/v1/policies/${key}`],
    ['as a product', `/v1/quotes/${key}`],
    ['where nothing is', `/nowhere?${key}`],
    ['at a probe', `/healthz/live?key=${key}`],
    ['at the page', `/docs?key=${key}`],
    ['in escapes', `/v1/products?key=${inEscapes(key)}`],
    ['in a path in escapes', `/v1/policies/${inEscapes(key)}`],
    ['in escapes of escapes', `/v1/products?key=${inEscapes(inEscapes(key))}`],
    ['with one character escaped', `/v1/policies/%69${key.slice(1)}`],
    ['behind an escape that is no UTF-8', `/v1/products?q=%ff${key}`],
    ['behind a letter of Cyrillic', `/v1/localities?q=%D0%B0${key}`],
    ['cut short', `/v1/products?key=${key.slice(0, -1)}`],
    ['with more behind it', `/v1/products?key=${key}A`],
    ['of a partner that is not known', `/v1/products?key=${key.replace('alfa', 'nobody')}`],
    ['of a write', `/v1/policies?key=${key}`, { method: 'POST', body: '{}' }],
    ['besides the same in Authorization', `/v1/products?key=${key}`, { headers: { authorization: `Bearer ${key}` } }],
    [
      'in a preflight',
      `/v1/products?key=${key}`,
      { method: 'OPTIONS', headers: { origin: 'https://shop.example', 'access-control-request-method': 'GET' } },
    ],
    ['in Idempotency-Key', '/v1/policies', { method: 'POST', body: '{}', headers: { 'idempotency-key': key } }],
    ['in X-Request-Id', '/v1/products', { headers: { 'x-request-id': key } }],
  ])('%s is 400, says that the key is leaked, and is nowhere written, kept or sent on', async (_where, path, init) => {
    const edge = openEdge();
    const answer = await edge.get(path, init);
    await edge.settle();
    const text = await answer.text();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([400, 'no-store']);
    expect(JSON.parse(text)).toMatchObject({
      type: expect.stringMatching(/\/invalid-request$/),
      detail: expect.stringContaining('it belongs in Authorization'),
      errors: [{ message: expect.stringContaining('consider this key leaked') }],
    });
    const secrets = [SECRET.slice(0, 20), inEscapes(SECRET).slice(0, 60), inEscapes(inEscapes(SECRET)).slice(0, 60)];
    for (const secret of secrets) expect(tracesOf(edge) + text).not.toContain(secret);
    expect([edge.core.seen, edge.storeCalls]).toEqual([[], []]);
  });

  it('is told to operators with the partner that it names, and counted', async () => {
    const edge = openEdge();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await edge.get(`/v1/products?key=${key}`, { headers: { traceparent } });
    const message = 'a key was shown outside Authorization: it is to be considered leaked';
    expect(edge.logged).toEqual([{ message, fields: { field: 'url', partner: 'alfa', traceId: 'a'.repeat(32) } }]);
    expect(edge.observed).toEqual([{ kind: 'request', method: 'GET', route: '/*', status: 400, ms: 0 }]);
  });

  test.each([
    '/v1/localities?q=ik_alfa_short',
    `/v1/localities?q=IK_ALFA_${SECRET}`,
    `/v1/localities?q=x${key}`,
    `/v1/localities?q=a_${key}`,
    '/v1/localities?q=%D0%B8%D0%BA_%D0%B0%D0%BB%D1%8C%D1%84%D0%B0',
    '/v1/localities?q=100%',
  ])('is not seen in %s', async (path) => {
    const answer = await openEdge().get(path);
    expect(answer.status).toBe(200);
  });
});
