import { describe, expect, it } from 'vitest';
import { collectSpans } from '#platform/tracing/collect-spans.testing.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import { createTestEdge, createTestStore } from '../edge.testing.ts';
import { ALFA, SITE } from '../fake-core.testing.ts';
import { atOnceOverFetch, type Doors, orRouter } from './at-once.ts';
import { createHitServer } from './serve-hit.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';

const ANSWER = {
  body: new TextEncoder().encode('{"offers":[]}'),
  contentType: 'application/json',
  etag: '"one"',
  revision: undefined,
  fetchedAt: 999_000,
  freshUntil: 1_030_000,
  usableUntil: 1_800_000,
};
const ALLOWANCE = { policy: 'partner', limit: 20, remaining: 3, resetMs: 400, admitted: true } as const;

/** A hit server whose doors are all open, but for those given. */
function createOpen(
  shut: { known?: boolean; good?: boolean; fresh?: boolean; token?: boolean; broken?: boolean; tracer?: Tracer } = {},
) {
  let taken = 0;
  const told: object[] = [];
  const ctx = {
    config: { REGION: 'msk', LIMIT_POOL: 'regional', LIMIT_SHARE_PERCENT: 100 },
    now: () => 1_000_000,
    tracer: shut.tracer,
    observe: (seen: object) => void told.push(seen),
    log: {
      info: (fields: object) => void told.push(fields),
      error: (fields: object, message: string) => void told.push({ ...fields, message }),
    },
  };
  const doors = {
    directory: { recall: () => (shut.known === false ? undefined : ALFA.partner) },
    goodKeys: { isKnown: (key: string) => shut.good !== false && key === ALFA.key },
    cache: { hit: () => (shut.fresh === false ? undefined : ANSWER) },
    limiter: {
      takeNow: () => {
        if (shut.broken) throw new TypeError('a bug');
        taken += 1;
        return shut.token === false ? undefined : ALLOWANCE;
      },
    },
  };
  const serve = atOnceOverFetch(orRouter(ctx as never, createHitServer(ctx as never, doors as unknown as Doors)));
  const ask = (init: RequestInit = {}, path = QUOTE) => {
    const headers = { authorization: `Bearer ${ALFA.key}`, ...init.headers };
    return serve(new Request(`http://edge.test${path}`, { ...init, headers }), undefined);
  };
  return { ask, told, taken: () => taken };
}

describe('a hit', () => {
  it('is answered from here, counted and logged once', async () => {
    const { ask, told, taken } = createOpen();
    const answer = ask();
    expect([answer?.status, await answer?.text(), taken()]).toEqual([200, '{"offers":[]}', 1]);
    expect(told).toEqual([
      { kind: 'cache', result: 'hit' },
      { kind: 'request', method: 'GET', route: '/v1/quotes/:product', status: 200, ms: 0 },
      expect.objectContaining({ path: '/v1/quotes/osago', status: 200, partner: 'alfa' }),
    ]);
  });

  it.each<[string, Parameters<typeof createOpen>[0], RequestInit?, string?]>([
    ['of another method', {}, { method: 'HEAD' }],
    ['of another route', {}, {}, '/v1/policies'],
    ['without a key', {}, { headers: { authorization: '' } }],
    ['in another scheme', {}, { headers: { authorization: `bearer ${ALFA.key}` } }],
    ['with no key at all', {}, { headers: { authorization: 'Bearer rubbish' } }],
    ['of a partner that is not remembered', { known: false }],
    ['with a key that was not good before', { good: false }],
    ['for what is not fresh', { fresh: false }],
    ['that knows an answer', {}, { headers: { 'if-none-match': '"one"' } }],
    ['with an Idempotency-Key', {}, { headers: { 'idempotency-key': 'key-00001' } }],
    ['whose id may be a key', {}, { headers: { 'x-request-id': `ik_alfa_${'A'.repeat(43)}` } }],
  ])('a request %s is the router’s, and takes and tells nothing', (_what, shut, init, path) => {
    const { ask, told, taken } = createOpen(shut);
    expect([ask(init, path), told, taken()]).toEqual([undefined, [], 0]);
  });

  it('a request without a token here is the router’s', () => {
    const { ask, told } = createOpen({ token: false });
    expect([ask(), told]).toEqual([undefined, []]);
  });

  it('is a span where its trace is recorded, and none where it is not', () => {
    const tracer = collectSpans();
    const { ask } = createOpen({ tracer });
    const [traceId, parentId] = ['a'.repeat(32), 'b'.repeat(16)];
    for (const flags of ['01', '00']) ask({ headers: { traceparent: `00-${traceId}-${parentId}-${flags}` } });
    expect(tracer.spans).toMatchObject([
      {
        traceId,
        parentId,
        kind: 'server',
        name: 'GET /v1/quotes/:product',
        attributes: { 'http.response.status_code': 200 },
        failed: false,
      },
    ]);
    expect(JSON.stringify(tracer.spans)).not.toMatch(/ik_|kbm/);
  });

  it('a request that meets a bug is the router’s, and the bug is told', () => {
    const { ask, told } = createOpen({ broken: true });
    expect([ask(), told]).toEqual([
      undefined,
      [{ err: new TypeError('a bug'), message: 'an answer at once failed, and is left to the router' }],
    ]);
  });

  it.each([
    ['as it is', {}],
    [
      'with the caller’s own trace and id',
      { 'x-request-id': 'request-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    ],
    ['with what the edge does not read', { 'user-agent': 'x', cookie: 'a=b', accept: 'text/html' }],
  ])('is what the router answers, header by header, %s', async (_what, headers: Record<string, string>) => {
    const edge = createTestEdge({ store: createTestStore() });
    await edge.get(QUOTE, { key: SITE.key });
    await edge.settle();
    const asked = async (more: Record<string, string>) => {
      edge.clock.advance(1_000);
      await edge.get(QUOTE, { key: SITE.key });
      await edge.settle();
      const before = edge.logged.length;
      const answer = await edge.get(QUOTE, { key: SITE.key, headers: { ...headers, ...more } });
      const said = Object.fromEntries(answer.headers);
      if (!headers['x-request-id'])
        said['x-request-id'] = said['x-request-id']?.replace(/^[0-9a-f]{32}$/, 'random') ?? '';
      const logged = edge.logged
        .slice(before)
        .map(({ message, fields }) => [message, Object.keys(fields), { ...fields, traceId: 0, requestId: 0 }]);
      return {
        status: answer.status,
        said: { ...said, age: 0, 'cache-status': said['cache-status']?.replace(/\d+/, 'n') },
        body: await answer.text(),
        logged,
      };
    };
    const hit = await asked({});
    expect(hit.said).toMatchObject({
      ratelimit: expect.stringContaining('"partner";r='),
      'server-timing': 'limit;dur=0, cache;desc="hit", total;dur=0',
    });
    expect(await asked({ 'if-none-match': '"another"' })).toEqual(hit);
  });
});
