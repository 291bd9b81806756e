import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore } from '../edge.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';

describe('the store', () => {
  it('an isolate takes a fresh answer from the store instead of asking core', async () => {
    const store = createTestStore();
    const [one, other] = [createTestEdge({ store }), createTestEdge({ store })];
    const first = await (await one.get(QUOTE)).text();
    await one.settle();
    other.clock.advance(10_000);
    const answer = await other.get(QUOTE);
    expect(answer.headers.get('cache-status')).toBe('insuretech-edge; hit; ttl=20; detail=store');
    expect([await answer.text(), other.core.seen.length]).toEqual([first, 0]);
  });

  it('with core away an isolate serves what the store has while its offers live', async () => {
    const store = createTestStore();
    const [one, other] = [createTestEdge({ store }), createTestEdge({ store })];
    await one.get(QUOTE);
    await one.settle();
    other.weather.core = 'dead';
    other.clock.advance(10 * 60_000);
    expect((await other.get(QUOTE)).status).toBe(200);
    other.clock.advance(4 * 60_000);
    expect((await other.get(QUOTE)).status).toBe(503);
  });

  it('regions that share a store do not share quotes', async () => {
    const store = createTestStore();
    const [msk, nsk] = [createTestEdge({ store }), createTestEdge({ store, env: { REGION: 'nsk' } })];
    await msk.get(QUOTE);
    await msk.settle();
    await nsk.get(QUOTE);
    expect(nsk.core.callsTo('/v1/quotes')).toHaveLength(1);
  });

  it.each(['dead', 'slow'] as const)('a %s store costs no quote, and is not asked again for 2 s', async (weather) => {
    const edge = createTestEdge({ store: createTestStore() });
    edge.weather.store = weather;
    expect((await edge.get(QUOTE)).status).toBe(200);
    for (const kbm of [4, 5, 6]) await edge.get(`/v1/quotes/osago?kbm=${kbm}`);
    expect(edge.storeCalls).toHaveLength(1);
    edge.clock.advance(2_000);
    edge.weather.store = 'fine';
    await edge.get('/v1/quotes/osago?kbm=7');
    expect(edge.storeCalls.length).toBeGreaterThan(1);
  });
});

describe('other public reads', () => {
  it('products, openapi.json and docs come from core, survive it for 5 min, and docs ignore their query', async () => {
    const edge = createTestEdge();
    const paths = ['/v1/products', '/openapi.json', '/docs'];
    for (const path of paths) expect((await edge.get(path)).status).toBe(200);
    expect((await edge.get('/docs?x=1')).headers.get('content-type')).toMatch(/^text\/html/);
    expect(edge.core.callsTo('/docs')).toHaveLength(1);
    edge.weather.core = 'dead';
    edge.clock.advance(299_000);
    for (const path of paths) expect((await edge.get(path)).status).toBe(200);
    await edge.settle();
    edge.clock.advance(1_000);
    for (const path of paths) expect((await edge.get(path)).status).toBe(503);
  });

  it('places are one key in any spelling, fresh for 5 min, HEAD too, and an answer for 15 min without core', async () => {
    const edge = createTestEdge();
    const first = await edge.get('/v1/localities?q=Казань');
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'public, max-age=300, must-revalidate']);
    edge.clock.advance(299_000);
    const head = await edge.get('/v1/localities?q=%D0%9A%D0%B0%D0%B7%D0%B0%D0%BD%D1%8C', { method: 'HEAD' });
    expect([head.status, head.headers.get('cache-status'), await head.text()]).toEqual([
      200,
      'insuretech-edge; hit; ttl=1',
      '',
    ]);
    expect(edge.core.callsTo('/v1/localities')).toHaveLength(1);
    edge.weather.core = 'dead';
    edge.clock.advance(600_000);
    expect((await edge.get('/v1/localities?q=Казань')).status).toBe(200);
    await edge.settle();
    edge.clock.advance(1_000);
    expect((await edge.get('/v1/localities?q=Казань')).status).toBe(503);
  });

  it('places count on the limit of their caller, and their refusal passes through', async () => {
    const edge = createTestEdge({ env: { ANONYMOUS_LIMIT_PER_SECOND: '2' } });
    const refused = await edge.get('/v1/localities');
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([400, '"address";r=1;t=1']);
    const statuses = [await edge.get('/v1/localities?q=x'), await edge.get('/v1/localities?q=x')];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429]);
    edge.clock.advance(1_000);
    expect((await edge.get('/v1/localities?q=x', { key: 'wrong' })).status).toBe(401);
    expect((await edge.get('/v1/localities/x')).status).toBe(404);
  });
});
