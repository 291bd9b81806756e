import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore, slugOf, statuses, type TestEdge } from '../edge.testing.ts';
import { ALFA, BETA, SITE } from '../fake-core.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const burst = (edge: TestEdge, { count, key, address }: { count: number; key?: string; address?: string }) =>
  Promise.all(
    Array.from({ length: count }, () => edge.get(QUOTE, { ...(key && { key }), ...(address && { address }) })),
  );
const withStore = () => createTestEdge({ store: createTestStore() });

describe('(c) callers over their limit', () => {
  it.each([
    ['counted in the store', () => withStore()],
    ['counted in the isolate', () => createTestEdge()],
  ])(
    'R7 D1 250 requests/s against a limit of 20, %s: 20 a second pass, the other partner passes whole',
    async (_how, make) => {
      const edge = make();
      for (let second = 0; second < 10; second += 1) {
        const [alfa, beta] = await Promise.all([
          burst(edge, { count: 250, key: ALFA.key }),
          burst(edge, { count: 20, key: BETA.key }),
        ]);
        expect({ second, ...statuses(alfa) }).toEqual({ second, 200: 20, 429: 230 });
        expect({ second, ...statuses(beta) }).toEqual({ second, 200: 20 });
        edge.clock.advance(1_000);
      }
    },
  );

  it('R7 any 10 s admit at most 10 limits and one window edge', async () => {
    const edge = withStore();
    const admittedAt: number[] = [];
    // 25 requests each 100 ms, not in step with the windows.
    edge.clock.advance(730);
    for (let step = 0; step < 250; step += 1) {
      const { 200: admitted = 0 } = statuses(await burst(edge, { count: 25, key: ALFA.key }));
      for (let one = 0; one < admitted; one += 1) admittedAt.push(edge.clock.now());
      edge.clock.advance(100);
    }
    for (const start of admittedAt) {
      expect(admittedAt.filter((at) => at >= start && at < start + 10_000).length).toBeLessThanOrEqual(11 * 20);
    }
    expect(admittedAt.length).toBeGreaterThanOrEqual(25 * 20);
  });

  it('a refusal is a problem whose Retry-After is true', async () => {
    const edge = withStore();
    edge.clock.advance(400);
    await burst(edge, { count: 20, key: ALFA.key });
    const refused = await edge.get(QUOTE, { key: ALFA.key });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await slugOf(refused)).toBe('rate-limited');
    edge.clock.advance(599);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(429);
    edge.clock.advance(401);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(200);
  });

  it('every answer of a limited route says what is left', async () => {
    const edge = withStore();
    const said = async (path: string, init: Parameters<TestEdge['get']>[1] = {}) => {
      const { headers, status } = await edge.get(path, init);
      return [status, headers.get('ratelimit-policy'), headers.get('ratelimit')];
    };
    const partner = '"partner";q=20;w=1';
    const address = '"address";q=20;w=1';
    // Alfa is a stranger once, which counts on the address.
    expect(await said(QUOTE, { key: ALFA.key })).toEqual([200, partner, '"partner";r=19;t=1']);
    expect(await said(QUOTE, { key: ALFA.key })).toEqual([200, partner, '"partner";r=18;t=1']);
    expect(await said('/v1/products')).toEqual([200, address, '"address";r=18;t=1']);
    expect(await said('/v1/quotes/osago?kbm=rubbish')).toEqual([400, address, '"address";r=17;t=1']);
    expect(await said(QUOTE, { key: 'wrong' })).toEqual([401, address, '"address";r=16;t=1']);
    expect(await said('/v1/policies', { method: 'POST' })).toEqual([401, address, '"address";r=15;t=1']);
    edge.weather.core = 'dead';
    expect(await said('/v1/policies', { method: 'POST', key: ALFA.key, body: '{}' })).toEqual([
      503,
      partner,
      '"partner";r=17;t=1',
    ]);
    await burst(edge, { count: 30, key: ALFA.key });
    expect(await said(QUOTE, { key: ALFA.key })).toEqual([429, partner, '"partner";r=0;t=1']);
  });

  it('without a key the address counts, each on its own, and a header cannot change it', async () => {
    const edge = createTestEdge();
    expect(statuses(await burst(edge, { count: 25, address: '192.0.2.7' }))).toEqual({ 200: 20, 429: 5 });
    const spoofed = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' };
    expect((await edge.get(QUOTE, { address: '192.0.2.7', headers: spoofed })).status).toBe(429);
    expect((await edge.get(QUOTE, { address: '192.0.2.8' })).status).toBe(200);
  });
});

describe('leases', () => {
  it('D6 isolates that share a store keep the limit as a sum', async () => {
    const store = createTestStore();
    const edges = [1, 2, 3].map(() => createTestEdge({ store }));
    for (const edge of edges) await edge.get(QUOTE, { key: SITE.key });
    const answers = await Promise.all(edges.map((edge) => burst(edge, { count: 500, key: SITE.key })));
    const { 200: admitted = 0 } = statuses(answers.flat());
    expect(admitted + edges.length).toBeLessThanOrEqual(1_000);
    // A tenth of the limit each may have been leased ahead of use.
    expect(admitted).toBeGreaterThanOrEqual(700 - 3);
  });

  it('a limit of 1,000 costs at most one store call for 20 requests, one after another', async () => {
    const edge = withStore();
    await edge.get(QUOTE, { key: SITE.key });
    await edge.settle();
    const before = edge.storeCalls.length;
    for (let request = 0; request < 400; request += 1) await edge.get(QUOTE, { key: SITE.key });
    expect(edge.storeCalls.length - before).toBeLessThanOrEqual(20);
  });

  it.each(['dead', 'slow'] as const)(
    'R7 with a %s store each isolate keeps the whole limit, no more',
    async (weather) => {
      const edge = withStore();
      edge.weather.store = weather;
      for (let second = 0; second < 5; second += 1) {
        expect(statuses(await burst(edge, { count: 250, key: ALFA.key }))).toEqual({ 200: 20, 429: 230 });
        edge.clock.advance(1_000);
      }
      // At most one call to find it away again every 2 s.
      expect(edge.storeCalls.length).toBeLessThanOrEqual(4);
    },
  );

  it('a store that dies in the middle of a second, and comes back, adds nothing to it', async () => {
    const edge = withStore();
    await burst(edge, { count: 12, key: ALFA.key });
    edge.weather.store = 'dead';
    expect(statuses(await burst(edge, { count: 30, key: ALFA.key }))).toEqual({ 200: 8, 429: 22 });
    edge.weather.store = 'fine';
    expect(statuses(await burst(edge, { count: 30, key: ALFA.key }))).toEqual({ 429: 30 });
  });

  it('a clock that steps back does not hand out a second twice', async () => {
    const edge = createTestEdge();
    await burst(edge, { count: 20, key: ALFA.key });
    edge.clock.advance(-3_000);
    expect(statuses(await burst(edge, { count: 5, key: ALFA.key }))).toEqual({ 429: 5 });
  });
});

describe('regions', () => {
  const regionsOf = (pool: 'shared' | 'regional', stores: ReturnType<typeof createTestStore>[]) =>
    ['msk', 'nsk'].map((REGION, at) => {
      const env = { REGION, LIMIT_POOL: pool, LIMIT_SHARE_PERCENT: '50' };
      const [first, own = first] = [stores[0], stores[at]];
      return createTestEdge({ env, ...(own && { store: own }) });
    });
  const admittedBy = async (edge: TestEdge, count = 125) =>
    statuses(await burst(edge, { count, key: ALFA.key }))[200] ?? 0;

  it('D6 with one store share the pool: all of it is to be had in either', async () => {
    const [msk, nsk] = regionsOf('shared', [createTestStore()]) as [TestEdge, TestEdge];
    expect([await admittedBy(msk), await admittedBy(nsk)]).toEqual([20, 0]);
    for (const edge of [msk, nsk]) edge.clock.advance(1_000);
    expect((await Promise.all([admittedBy(msk), admittedBy(nsk)])).reduce((sum, count) => sum + count)).toBe(20);
    for (const edge of [msk, nsk]) edge.clock.advance(1_000);
    expect([await admittedBy(nsk), await admittedBy(msk)]).toEqual([20, 0]);
  });

  it.each(['dead', 'slow'] as const)('D6 whose one store is %s fall back to their shares', async (weather) => {
    const edges = regionsOf('shared', [createTestStore()]);
    for (const edge of edges) edge.weather.store = weather;
    for (let second = 0; second < 4; second += 1) {
      expect(await Promise.all(edges.map((edge) => admittedBy(edge)))).toEqual([10, 10]);
      for (const edge of edges) edge.clock.advance(1_000);
    }
  });

  it('D6 with a store each hold their shares, and an operator moves one within 30 s', async () => {
    const [msk, nsk] = regionsOf('regional', [createTestStore(), createTestStore()]) as [TestEdge, TestEdge];
    expect([await admittedBy(msk), await admittedBy(nsk)]).toEqual([10, 10]);
    const moved = { ...ALFA.partner, limitShares: { msk: 25, nsk: 75 } };
    for (const edge of [msk, nsk]) {
      edge.core.partners.set('alfa', moved);
      edge.clock.advance(29_000);
      await admittedBy(edge, 1);
      edge.clock.advance(1_000);
    }
    expect([await admittedBy(msk), await admittedBy(nsk)]).toEqual([5, 15]);
    const answer = await msk.get(QUOTE, { key: ALFA.key });
    expect([answer.status, answer.headers.get('ratelimit-policy')]).toEqual([429, '"partner";q=5;w=1']);
  });

  it('D6 a region that the terms do not name has nothing of the limit', async () => {
    const [msk] = regionsOf('regional', [createTestStore()]) as [TestEdge];
    msk.core.partners.set('alfa', { ...ALFA.partner, limitShares: { nsk: 100 } });
    const answer = await msk.get(QUOTE, { key: ALFA.key });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30']);
  });
});
