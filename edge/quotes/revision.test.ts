import { describe, expect, it } from 'vitest';
import type { TestEdge } from '../edge.testing.ts';
import { ask, askFor, callsTo, LOOK, NEW, OLD, OTHER, QUOTE, startEdge } from './revision.testing.ts';

describe('a new tariff', () => {
  it.each([0, 400, 900, 12_300])('%i ms after a quote was kept shows within a second of requests', async (afterMs) => {
    const edge = startEdge();
    await askFor(edge, { totalMs: afterMs });
    await ask(edge);
    edge.core.revision = () => NEW;
    const revisions = await askFor(edge, { totalMs: 2_000 });
    // By then the edge has looked; one request more is answered from before and renews, and the next has the price.
    expect(revisions.slice(12)).toEqual(Array(8).fill(NEW));
    expect(callsTo(edge, '/v1/quotes')).toBe(2);
  });

  it('is seen at once by whatever is asked of core, and then every quote kept before is stale', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.core.revision = () => NEW;
    await ask(edge, OTHER);
    expect([(await ask(edge)).revision, (await ask(edge)).revision]).toEqual([OLD, NEW]);
    expect(callsTo(edge, LOOK)).toBe(0);
  });

  it('makes products stale too', async () => {
    const edge = startEdge();
    await edge.get('/v1/products');
    edge.core.revision = () => NEW;
    await ask(edge);
    await edge.get('/v1/products');
    await edge.settle();
    expect(callsTo(edge, '/v1/products')).toBe(2);
  });

  it('a quote made stale by it says since when, and lets nobody behind keep it for the rest of 30 s', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(5_400);
    const fresh = { status: 'insuretech-edge; hit; ttl=24', control: 'public, max-age=30, must-revalidate', age: '5' };
    edge.core.revision = () => NEW;
    expect(await ask(edge)).toEqual({ ...fresh, revision: OLD });
    edge.weather.core = 'dead';
    const stale = { status: 'insuretech-edge; hit; ttl=0', control: 'public, max-age=5, must-revalidate', age: '5' };
    expect(await ask(edge)).toEqual({ ...stale, revision: OLD });
    edge.clock.advance(2_600);
    expect(await ask(edge)).toMatchObject({ status: 'insuretech-edge; hit; ttl=-3', age: '8' });
    edge.clock.advance(60_000);
    expect(await ask(edge)).toMatchObject({ status: 'insuretech-edge; hit; ttl=-63' });
  });

  it('with core away the old quote is served while its offers live, and no longer', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.core.revision = () => NEW;
    edge.clock.advance(1_000);
    await ask(edge);
    edge.weather.core = 'dead';
    edge.clock.advance(14 * 60_000 - 1_001);
    expect((await ask(edge)).revision).toBe(OLD);
    edge.clock.advance(1);
    expect((await edge.get(QUOTE)).status).toBe(503);
  });

  it('withdrawn again brings the old revision back, 2 s after the last telling of the other', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.core.revision = () => NEW;
    await askFor(edge, { totalMs: 1_500 });
    edge.core.revision = () => OLD;
    const revisions = await askFor(edge, { totalMs: 5_000 });
    expect(revisions.slice(35)).toEqual(Array(15).fill(OLD));
    const calls = callsTo(edge, '/v1/quotes');
    await askFor(edge, { totalMs: 10_000 });
    expect(callsTo(edge, '/v1/quotes')).toBe(calls);
  });
});

describe('a look at the revision', () => {
  it('changes nothing and costs no quote while the revision is the same', async () => {
    const edge = startEdge();
    await askFor(edge, { totalMs: 30_000 });
    expect([callsTo(edge, '/v1/quotes'), callsTo(edge, LOOK)]).toEqual([1, 29]);
  });

  it('is taken at most once a second, however many requests and quotes there are', async () => {
    const edge = startEdge();
    const paths = Array.from({ length: 20 }, (_, kbm) => `/v1/quotes/osago?kbm=${kbm}`);
    for (const path of paths) await edge.get(path);
    edge.clock.advance(1_000);
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => edge.get(paths[at % 20] as string)));
    await edge.settle();
    expect([callsTo(edge, '/v1/quotes'), callsTo(edge, LOOK)]).toEqual([20, 1]);
    edge.clock.advance(999);
    await ask(edge, paths[0]);
    expect(callsTo(edge, LOOK)).toBe(1);
  });

  it('is not taken while core tells by itself, nor when nobody asks', async () => {
    const edge = startEdge();
    for (let kbm = 0; kbm < 12; kbm += 1) {
      await ask(edge, `/v1/quotes/osago?kbm=${kbm}`);
      await ask(edge, '/v1/quotes/osago?kbm=0');
      edge.clock.advance(900);
    }
    edge.clock.advance(10_000);
    expect(callsTo(edge, LOOK)).toBe(0);
  });

  it('does not hold up the answer that it is behind', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(1_000);
    edge.weather.core = 'slow';
    expect((await edge.get(QUOTE)).status).toBe(200);
    expect(edge.observed.map(({ kind }) => kind)).not.toContain('core-unavailable');
    await edge.settle();
    expect(edge.observed.map(({ kind }) => kind)).toContain('core-unavailable');
  });

  it.each<[string, (edge: TestEdge) => void]>([
    ['a dead core', ({ weather }) => (weather.core = 'dead')],
    ['a slow core', ({ weather }) => (weather.core = 'slow')],
    ['a core without it', ({ core }) => (core.revision = () => undefined)],
    ['a core that redirects', ({ core }) => (core.redirect = 302)],
    ['a core that tells what is none', ({ core }) => (core.revision = () => 'later')],
  ])('at %s changes nothing, and is not repeated for a second', async (_what, spoil) => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(1_000);
    spoil(edge);
    const looks = () => edge.sent.filter((url) => url.endsWith(LOOK)).length;
    for (let request = 0; request < 20; request += 1) {
      const status = `insuretech-edge; hit; ttl=${request === 0 ? 29 : 28}`;
      expect(await ask(edge)).toMatchObject({ revision: OLD, status });
      edge.clock.advance(49);
    }
    expect(looks()).toBe(1);
    edge.clock.advance(20);
    await ask(edge);
    expect([looks(), callsTo(edge, '/v1/quotes')]).toEqual([2, 1]);
  });

  it('is never taken for what no tariff changes, nor at a core that tells no revision with its quotes', async () => {
    const edge = startEdge();
    const pages = ['/openapi.json', '/docs', '/v1/localities?q=x'];
    edge.core.revision = () => undefined;
    for (let second = 0; second < 3; second += 1) {
      for (const path of [...pages, QUOTE]) expect((await edge.get(path)).status).toBe(200);
      await edge.settle();
      edge.clock.advance(1_000);
    }
    expect([callsTo(edge, LOOK), callsTo(edge, QUOTE)]).toEqual([0, 1]);
  });

  it('leaves what no tariff changes as it is', async () => {
    const edge = startEdge();
    await edge.get('/v1/localities?q=x');
    await ask(edge);
    edge.core.revision = () => NEW;
    await ask(edge, OTHER);
    const places = await edge.get('/v1/localities?q=x');
    expect(places.headers.get('cache-status')).toBe('insuretech-edge; hit; ttl=300');
  });
});

describe('a clock that was set back', () => {
  const BACK_MS = 3_600_000;

  it('makes what was kept stale at once, for clients too, and the next answer is of now', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(-BACK_MS);
    const stale = { status: 'insuretech-edge; hit; ttl=0', control: 'public, max-age=0, must-revalidate', age: '0' };
    expect(await ask(edge)).toEqual({ ...stale, revision: OLD });
    expect(await ask(edge)).toMatchObject({ status: 'insuretech-edge; hit; ttl=30' });
    expect(callsTo(edge, '/v1/quotes')).toBe(2);
  });

  it('does not hold up a new tariff', async () => {
    const edge = startEdge();
    await askFor(edge, { totalMs: 2_000 });
    edge.clock.advance(-BACK_MS);
    await ask(edge);
    edge.core.revision = () => NEW;
    const revisions = await askFor(edge, { totalMs: 2_000 });
    expect(revisions.slice(12)).toEqual(Array(8).fill(NEW));
  });

  it('to before a tariff was replaced does not make it fresh again', async () => {
    const edge = startEdge();
    await ask(edge);
    edge.clock.advance(5_000);
    edge.core.revision = () => NEW;
    await ask(edge, OTHER);
    edge.clock.advance(-3_000);
    edge.weather.core = 'dead';
    expect(await ask(edge)).toMatchObject({ revision: OLD, status: 'insuretech-edge; hit; ttl=0' });
  });
});
