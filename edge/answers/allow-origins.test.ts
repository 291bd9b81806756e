import { describe, expect, it, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig } from '../config.ts';
import { createTestEdge, createTestStore, statuses, type TestEdge } from '../edge.testing.ts';
import { ALFA } from '../fake-core.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const SHOP = 'https://shop.example';
const DESK = 'http://localhost:5173';
const env = { CORS_ORIGINS: `${SHOP}, ${DESK}` };
const open = () => createTestEdge({ env });

type Init = Parameters<TestEdge['get']>[1] & { origin?: string };
const ask = (edge: TestEdge, path: string, { origin, ...init }: Init = {}) =>
  edge.get(path, { ...init, headers: { ...(init.headers as object), ...(origin && { origin }) } });
const preflight = (edge: TestEdge, path: string, { origin, method }: { origin: string; method: string }) =>
  ask(edge, path, {
    origin,
    method: 'OPTIONS',
    headers: { 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
  });
/** What an answer tells browsers of pages elsewhere. */
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => /^(access-control|timing-allow)/.test(name)));
const READABLE =
  'RateLimit, RateLimit-Policy, Retry-After, ETag, Age, Cache-Status, Idempotency-Replayed, X-Request-Id, Server-Timing';
const readableBy = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': READABLE,
  'timing-allow-origin': origin,
});

describe('without CORS_ORIGINS', () => {
  it('no answer knows of origins, and OPTIONS is a method like any other that is not there', async () => {
    const edge = createTestEdge();
    for (const path of [QUOTE, '/nowhere', '/healthz/live']) {
      const answer = await ask(edge, path, { origin: SHOP });
      expect([corsOf(answer), answer.headers.get('vary')?.includes('Origin') ?? false]).toEqual([{}, false]);
    }
    const answer = await preflight(edge, QUOTE, { origin: SHOP, method: 'GET' });
    expect([answer.status, corsOf(answer)]).toEqual([405, {}]);
  });
});

describe('an origin of CORS_ORIGINS', () => {
  it.each([SHOP, DESK])('%s may read every answer, refusals and failures too', async (origin) => {
    const edge = open();
    const answers = [
      await ask(edge, QUOTE, { origin }),
      await ask(edge, QUOTE, { origin, headers: { 'if-none-match': '*' } }),
      await ask(edge, QUOTE, { origin, key: 'wrong' }),
      await ask(edge, '/nowhere', { origin }),
      await ask(edge, '/v1/policies', { origin, method: 'POST', key: ALFA.key, body: '{}' }),
    ];
    edge.weather.core = 'dead';
    answers.push(await ask(edge, '/v1/quotes/osago?kbm=9', { origin }));
    await Promise.all(Array.from({ length: 20 }, () => edge.get(QUOTE)));
    answers.push(await ask(edge, QUOTE, { origin }));
    expect(answers.map(({ status }) => status)).toEqual([200, 304, 401, 404, 201, 503, 429]);
    for (const answer of answers) expect(corsOf(answer)).toEqual(readableBy(origin));
  });

  it.each([
    'https://evil.example',
    'null',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example.evil.example',
    'https://SHOP.example',
    `${SHOP}, ${DESK}`,
    `${SHOP}/`,
  ])('%s is none, and is told nothing', async (origin) => {
    const edge = open();
    for (const answer of [
      await ask(edge, QUOTE, { origin }),
      await preflight(edge, QUOTE, { origin, method: 'GET' }),
    ]) {
      expect([corsOf(answer), answer.headers.get('vary')]).toEqual([{}, expect.stringContaining('Origin')]);
    }
  });

  it('no origin is ever told what another was: answers out of the cache are everybody’s but for that', async () => {
    const store = createTestStore();
    const edges = [createTestEdge({ store, env }), createTestEdge({ store, env })] as const;
    for (const edge of edges) {
      for (const origin of [SHOP, undefined, DESK, 'https://evil.example', SHOP]) {
        const answer = await ask(edge, QUOTE, { ...(origin && { origin }) });
        await edge.settle();
        const isAllowed = origin === SHOP || origin === DESK;
        expect([answer.status, corsOf(answer)]).toEqual([200, isAllowed ? readableBy(origin) : {}]);
        expect(answer.headers.get('vary')).toBe('Authorization, Origin');
      }
      expect(edge.storeCalls.join('')).not.toContain('shop.example');
    }
    expect(edges.map((edge) => edge.core.callsTo('/v1/quotes').length)).toEqual([1, 0]);
  });

  it('varies by Origin what has no other Vary, whoever asks', async () => {
    for (const path of ['/v1/policies', '/nowhere', '/healthz/live'])
      expect((await open().get(path)).headers.get('vary')).toBe('Origin');
  });
});

describe('a preflight', () => {
  it.each([
    ['/v1/policies', 'POST'],
    [QUOTE, 'GET'],
  ])('of %s is answered without core, the store or a limit, however many come', async (path, method) => {
    const edge = createTestEdge({ store: createTestStore(), env });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => preflight(edge, path, { origin: SHOP, method })),
    );
    expect(statuses(answers)).toEqual({ 204: 100 });
    for (const answer of answers) {
      expect([await answer.text(), answer.headers.get('vary'), answer.headers.has('ratelimit')]).toEqual([
        '',
        'Origin',
        false,
      ]);
      expect(corsOf(answer)).toEqual({
        'access-control-allow-origin': SHOP,
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers':
          'Authorization, Content-Type, Idempotency-Key, If-None-Match, traceparent, X-Request-Id',
        'access-control-max-age': '7200',
      });
    }
    expect([edge.core.seen, edge.storeCalls]).toEqual([[], []]);
    expect((await edge.get(QUOTE)).headers.get('ratelimit')).toBe('"address";r=19;t=1');
  });

  it('is an OPTIONS with an origin and a method asked for; any other is refused as before', async () => {
    const edge = open();
    const method = { 'access-control-request-method': 'GET' };
    const others = [{ origin: SHOP }, { headers: method }];
    for (const other of others) expect((await ask(edge, QUOTE, { method: 'OPTIONS', ...other })).status).toBe(405);
    expect((await ask(edge, QUOTE, { origin: SHOP, headers: method })).status).toBe(200);
  });

  it('is counted and logged as a request', async () => {
    const edge = open();
    await preflight(edge, QUOTE, { origin: SHOP, method: 'GET' });
    expect(edge.observed).toMatchObject([{ kind: 'request', method: 'OPTIONS', status: 204 }]);
  });
});

describe('CORS_ORIGINS', () => {
  const GOOD = { REGION: 'msk', CORE_URL: 'http://127.0.0.1:8788', HOP_KEY: 'A'.repeat(43) };

  it('reads a list, empty by default', () => {
    expect(parseConfig(GOOD).CORS_ORIGINS).toEqual([]);
    expect(parseConfig({ ...GOOD, ...env }).CORS_ORIGINS).toEqual([SHOP, DESK]);
  });

  test.each([
    '*',
    'null',
    'https://*.shop.example',
    'shop.example',
    `${SHOP}/`,
    `${SHOP}/path`,
    'https://Shop.example',
    'https://shop.example:443',
    'ftp://shop.example',
    'https://user@shop.example',
    `${SHOP},`,
    'https://магазин.example',
  ])('"%s" is refused in one sentence that says what is allowed', (text) => {
    const parse = () => parseConfig({ ...GOOD, CORS_ORIGINS: text });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(`CORS_ORIGINS is "${text}" but must be origins separated by commas, as browsers write them`);
  });
});
