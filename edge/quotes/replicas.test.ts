import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { createContext } from '../create-context.ts';
import { createTestStore, type TestEdge } from '../edge.testing.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createCache } from './cache.ts';
import { ask, askFor, callsTo, LOOK, NEW, OLD, OTHER, startEdge } from './revision.testing.ts';

const hexOf = (count: number) => count.toString(16).padStart(16, '0');
/** Core's replica that answers quotes has not read the tables yet, the one that is looked at has. */
const lag = ({ core }: TestEdge) => {
  core.revision = () => (core.seen.at(-1)?.target === LOOK ? NEW : OLD);
};

describe('replicas of core that differ', () => {
  it('one that lags costs each quote at most one renewal a second, and the price is new once it has caught up', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(1_000);
    lag(edge);
    await askFor(edge, { totalMs: 1_000, everyMs: 10 });
    expect(callsTo(edge, '/v1/quotes')).toBe(2);
    edge.core.revision = () => NEW;
    const revisions = await askFor(edge, { totalMs: 1_000, everyMs: 10 });
    expect(revisions.slice(5)).toEqual(Array(95).fill(NEW));
    expect(callsTo(edge, '/v1/quotes')).toBe(3);
  });

  it('RENEW_AGAIN_MS bounds the calls of any number of quotes: each is renewed once in a second', {
    timeout: 20_000,
  }, async () => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    const asked: string[] = [];
    const background: Promise<unknown>[] = [];
    const offers = [{ expiresAt: new Date(now + 900_000).toISOString() }];
    const quote = async (url: string) => {
      asked.push(url);
      // A core that is never of one mind.
      const headers = { 'content-type': 'application/json', 'catalogue-revision': hexOf(asked.length) };
      return new Response(JSON.stringify({ offers }), { headers });
    };
    const nothing = () => undefined;
    const cache = createCache(
      createContext({
        config: parseConfig({ REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY }),
        fetch: quote,
        now: () => now,
        log: { info: nothing, warn: nothing, error: nothing },
        observe: nothing,
        clientAddress: () => '',
      }),
    );
    const origin = { requestId: 'r', traceparent: 't', background: (work: Promise<unknown>) => background.push(work) };
    const askAll = async () => {
      for (let kbm = 0; kbm < 1_100; kbm += 1) await cache.read(`/v1/quotes/osago?kbm=${kbm}`, origin);
      await Promise.all(background.splice(0));
    };
    for (let round = 0; round < 4; round += 1) await askAll();
    expect(asked.length).toBe(2 * 1_100);
  });

  it('that take turns for half a minute do not chase each other: a quote of the newest stays fresh', async () => {
    const edge = startEdge();
    await ask(edge);
    let turn = 0;
    edge.core.revision = () => (turn++ % 2 === 0 ? NEW : OLD);
    for (let second = 0; second < 30; second += 1) {
      const before = callsTo(edge, '/v1/quotes');
      await askFor(edge, { totalMs: 1_000, everyMs: 125 });
      // The bound of any second; the mean is far below.
      expect(callsTo(edge, '/v1/quotes') - before).toBeLessThanOrEqual(1);
    }
    expect(callsTo(edge, '/v1/quotes')).toBeLessThanOrEqual(4);
  });
});

describe('an answer in the store', () => {
  it('of an old revision is not taken for fresh by an isolate that knows better', async () => {
    const store = createTestStore();
    const [one, other] = [startEdge({ store }), startEdge({ store })];
    await ask(one);
    other.core.revision = () => NEW;
    await ask(other, OTHER);
    expect(await ask(other)).toMatchObject({ revision: NEW, status: 'insuretech-edge; fwd=uri-miss; stored' });
    one.core.revision = () => NEW;
    one.clock.advance(1_000);
    for (const _request of [1, 2]) await ask(one);
    // Renewed from the store: the other isolate had asked.
    expect([(await ask(one)).revision, callsTo(one, '/v1/quotes')]).toEqual([NEW, 1]);
  });

  it('of an old revision is served when core is away, as stale as it is', async () => {
    const store = createTestStore();
    const [one, other] = [startEdge({ store }), startEdge({ store })];
    await ask(one);
    other.core.revision = () => NEW;
    await ask(other, OTHER);
    other.weather.core = 'dead';
    expect(await ask(other)).toMatchObject({ revision: OLD, status: 'insuretech-edge; hit; ttl=0; detail=store' });
  });

  it('is looked behind by an isolate that knows nothing yet: the next answer but one is of now', async () => {
    const store = createTestStore();
    const [one, other] = [startEdge({ store }), startEdge({ store })];
    await ask(one);
    other.core.revision = () => NEW;
    const revisions = [await ask(other), await ask(other), await ask(other)].map(({ revision }) => revision);
    expect(revisions).toEqual([OLD, OLD, NEW]);
  });

  it('that the previous release kept has no revision, and is fresh for its 30 s', async () => {
    const store = createTestStore();
    const [one, other] = [startEdge({ store }), startEdge({ store })];
    one.core.revision = () => undefined;
    await ask(one);
    await ask(other, OTHER);
    other.clock.advance(29_000);
    expect((await ask(other)).status).toBe('insuretech-edge; hit; ttl=1; detail=store');
  });
});
