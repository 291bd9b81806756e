import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore, type TestEdge } from '../edge.testing.ts';
import { ALFA } from '../fake-core.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const POLICY = '/v1/policies/msk-1';
const CORE_MS = 30;

/** Each call to core takes 30 ms of the test's clock. */
function withSlowCore(edge: TestEdge): TestEdge {
  Object.defineProperty(edge.core, 'redirect', {
    get() {
      edge.clock.advance(CORE_MS);
      return undefined;
    },
  });
  return edge;
}
const timesOf = async (edge: TestEdge, path: string, init: Parameters<TestEdge['get']>[1] = {}) =>
  (await edge.get(path, init)).headers.get('server-timing');

describe('Server-Timing', () => {
  it('of a quote says how the cache answered, and how long core took when it was asked', async () => {
    const edge = withSlowCore(createTestEdge());
    expect(await timesOf(edge, QUOTE)).toBe('limit;dur=0, cache;desc="miss", core;dur=30, total;dur=30');
    expect(await timesOf(edge, QUOTE)).toBe('limit;dur=0, cache;desc="hit", total;dur=0');
    edge.clock.advance(40_000);
    expect(await timesOf(edge, QUOTE)).toMatch(/^limit;dur=0, cache;desc="stale", total;dur=\d+$/);
  });

  it('of requests that waited for one call says which made it', async () => {
    const edge = withSlowCore(createTestEdge());
    const said = await Promise.all([1, 2].map(() => timesOf(edge, QUOTE)));
    expect(said[0]).toBe('limit;dur=0, cache;desc="miss", core;dur=30, total;dur=30');
    expect(said[1]).toBe('limit;dur=0, cache;desc="joined", core;dur=30, total;dur=30');
  });

  it('of an answer that another isolate kept says that it came from the store', async () => {
    const store = createTestStore();
    const [one, other] = [createTestEdge({ store }), createTestEdge({ store })];
    await one.get(QUOTE);
    await one.settle();
    expect(await timesOf(other, QUOTE)).toBe('limit;dur=0, cache;desc="store", store;dur=0, total;dur=0');
  });

  it('of a forwarded call says how long it took to let the partner in, and how long core took', async () => {
    const edge = withSlowCore(createTestEdge());
    expect(await timesOf(edge, POLICY, { key: ALFA.key })).toBe('limit;dur=30, core;dur=30, total;dur=60');
    expect(await timesOf(edge, POLICY, { key: ALFA.key })).toBe('limit;dur=0, core;dur=30, total;dur=30');
  });

  it('is on failures of core as well', async () => {
    const edge = createTestEdge();
    await edge.get(POLICY, { key: ALFA.key });
    edge.weather.core = 'dead';
    expect(await timesOf(edge, POLICY, { key: ALFA.key })).toBe('limit;dur=0, core;dur=0, total;dur=0');
    expect(await timesOf(edge, QUOTE)).toBe('limit;dur=0, cache;desc="miss", core;dur=0, total;dur=0');
  });

  it('is not on an answer that no route worked on: it would say how long a key took to be refused', async () => {
    const edge = withSlowCore(createTestEdge());
    for (const [path, init] of [
      [QUOTE, { key: `ik_alfa_${'A'.repeat(43)}` }],
      [POLICY, {}],
      ['/v1/policies/%2e%2e', { key: ALFA.key }],
      ['/nowhere', {}],
      ['/healthz/live', {}],
    ] as const)
      expect([path, await timesOf(edge, path, init)]).toEqual([path, null]);
    await Promise.all(Array.from({ length: 20 }, () => edge.get(QUOTE)));
    const refused = await edge.get(QUOTE);
    expect([refused.status, refused.headers.get('server-timing')]).toEqual([429, null]);
  });
});
