import { describe, expect, it } from 'vitest';
import { tariff } from '../../core/core.testing.ts';
import { createQuotingRegion } from './quoting-region.testing.ts';
import { createScriptedCore } from './scripted-core.testing.ts';

const MINUTE_MS = 60_000;
const CAR = { category: 'B', owner: 'individual', subject: 'Москва', drivers: '22:1,35:10', powerHp: '106' };
const quoteOf = (said: Record<string, string>, product = 'osago') =>
  `/v1/quotes/${product}?${new URLSearchParams(said)}`;

/** An edge over core's own reading of queries. */
function startEdge() {
  const region = createQuotingRegion();
  region.core.publish(tariff('volga'));
  const [edge] = region.edges;
  if (!edge) throw new Error('a region without an edge');
  return {
    region,
    /** The answer's bytes, how it came about, and how many quotes core was asked for until then. */
    async ask(said: Record<string, string>) {
      const answer = await edge.ask(quoteOf(said));
      await edge.settle();
      const isHit = answer.headers.get('cache-status')?.includes('; hit') ?? false;
      const calls = region.core.seen.filter(({ path }) => path.startsWith('/v1/quotes'));
      return { text: await answer.text(), isHit, calls: calls.length };
    },
  };
}

describe('spellings of one quote, as core reads them', () => {
  const DEFAULTS = { kbm: '3', months: '12', use: 'personal', locality: 'Москва', startsOn: '2026-11-23' };

  it('a parameter that is left out and one that says its default are one key at once, either way', async () => {
    for (const [first, second] of [
      [CAR, { ...CAR, ...DEFAULTS }],
      [{ ...CAR, ...DEFAULTS }, CAR],
    ] as const) {
      const { ask } = startEdge();
      const { text } = await ask(first);
      for (const said of [second, { ...CAR, kbm: '3' }, { ...CAR, startsOn: '2026-11-23', months: '12' }]) {
        expect(await ask(said)).toEqual({ text, isHit: true, calls: 1 });
      }
    }
  });

  it.each([
    ['drivers in another order', { drivers: '35:10,22:1' }],
    ['a number with idle zeros', { powerHp: '106.00' }],
    ['a place in another case', { subject: 'мОСКВА' }],
    ['a place with blanks', { subject: '  Москва ' }],
  ])('%s cost core one call, and are the same quote from then on', async (_what, spelled) => {
    const { ask, region } = startEdge();
    await ask(CAR);
    const { text, calls } = await ask({ ...CAR, ...spelled });
    // What core canonicalises as it is sent needs not even that.
    expect(calls).toBeLessThanOrEqual(2);
    for (const said of [CAR, { ...CAR, ...spelled }, { ...CAR, ...spelled, kbm: '3' }]) {
      expect(await ask(said)).toMatchObject({ text, isHit: true });
    }
    const before = region.core.seen.length;
    region.clock.advance(31_000);
    for (const said of [CAR, { ...CAR, ...spelled }, CAR]) await ask(said);
    expect(region.core.seen.slice(before).map(({ path }) => path)).toEqual(['/v1/quotes/osago']);
  });

  it.each([
    ['another value than the default', { kbm: '4' }],
    ['another number', { powerHp: '106.01' }],
    ['another driver', { drivers: '22:1,35:11' }],
    ['another day', { startsOn: '2026-11-24' }],
  ])('%s is another quote', async (_what, other) => {
    const { ask } = startEdge();
    const { text } = await ask({ ...CAR, ...DEFAULTS });
    const answer = await ask({ ...CAR, ...other });
    expect(answer).toMatchObject({ isHit: false, calls: 2 });
    expect(answer.text).not.toBe(text);
  });

  it('what core refuses is refused in every spelling, each time by core', async () => {
    const { ask } = startEdge();
    await ask(CAR);
    for (const said of [
      { ...CAR, category: 'b' },
      { ...CAR, months: '012' },
      { ...CAR, Kbm: '3' },
    ]) {
      const { calls } = await ask(said);
      expect(await ask(said)).toMatchObject({ isHit: false, calls: calls + 1 });
    }
  });
});

describe('what a spelling means', () => {
  const [ONE, OTHER] = ['/v1/quotes/osago?a=1', '/v1/quotes/osago?a=01'];
  const asNumber = (query: URLSearchParams) => ({ risk: { a: Number(query.get('a')) } });
  const asText = (query: URLSearchParams) => ({ risk: { a: query.get('a') } });

  it('is believed for 5 min after core told it, however fresh others keep the answer, and then asked behind an answer', async () => {
    const { ask, script, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER]) await ask(target);
    // A release reads the other spelling otherwise.
    script.read = (query) => ({ risk: { a: query.get('a') === '01' ? 10 : 1 } });
    const isOld: boolean[] = [];
    for (let second = 0; second < 310; second += 1) {
      expect(await ask(ONE)).toMatchObject({ risk: { a: 1 } });
      const answer = await ask(OTHER);
      expect(answer).toMatchObject({ hit: true });
      isOld.push(JSON.stringify(answer).includes('{"a":1}'));
      advance(1_000);
    }
    // At 300 s the answer itself was just renewed, in the other spelling.
    expect(isOld).toEqual(Array.from({ length: 310 }, (_, second) => second <= 301));
  });

  it('is asked before it is answered when nobody asked for 15 min', async () => {
    const { ask, script, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER]) await ask(target);
    advance(10 * MINUTE_MS);
    for (const _round of [1, 2]) await ask(ONE);
    script.read = asText;
    advance(5 * MINUTE_MS);
    expect(await ask(OTHER)).toMatchObject({ hit: false, risk: { a: '01' } });
  });

  it('is what it was while core is away, as long as offers live', async () => {
    const { ask, script, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER]) await ask(target);
    advance(10 * MINUTE_MS);
    for (const _round of [1, 2]) await ask(ONE);
    script.away = true;
    advance(14 * MINUTE_MS - 1);
    expect(await ask(OTHER)).toMatchObject({ hit: true, risk: { a: 1 } });
    advance(1);
    await expect(ask(OTHER)).rejects.toThrow('The region cannot answer now');
  });

  it('ends with the day', async () => {
    const { ask, calls, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER, OTHER]) await ask(target);
    advance(11 * 60 * MINUTE_MS - 1);
    for (const target of [ONE, OTHER]) await ask(target);
    const before = calls.length;
    advance(1);
    for (const target of [ONE, OTHER]) expect(await ask(target)).toMatchObject({ hit: false });
    expect(calls.slice(before)).toEqual([ONE, OTHER]);
  });

  it.each([
    ['an answer to another risk', asText, { risk: { a: '01' } }],
    [
      'a refusal',
      (query: URLSearchParams) => (query.get('a') === '1' ? { status: 400 } : asNumber(query)),
      { risk: { a: 1 } },
    ],
  ])('%s that another spelling waited for is not given to this one', async (_what, read, own) => {
    const { ask, script, calls, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER]) await ask(target);
    // The answer has ended, and what both mean is believed.
    advance(14 * MINUTE_MS);
    script.read = read;
    const [, other] = await Promise.all([ask(ONE), ask(OTHER)]);
    expect(other).toMatchObject(own);
    expect(calls.slice(2)).toEqual([ONE, OTHER]);
  });

  it('once for all spellings of it, an answer that has ended is asked for', async () => {
    const { ask, calls, advance } = createScriptedCore(asNumber);
    for (const target of [ONE, OTHER]) await ask(target);
    advance(14 * MINUTE_MS);
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => ask(at % 2 ? ONE : OTHER)));
    expect(calls).toHaveLength(3);
  });

  it('of two products is never one, though their risks read alike', async () => {
    const { ask } = createScriptedCore((_query, path) => ({ risk: {}, location: path }));
    const products = ['osago', 'travel'].map((product) => `/v1/quotes/${product}?a=1`);
    for (const [call, target] of products.entries()) expect(await ask(target)).toMatchObject({ call: call + 1 });
    for (const [call, target] of products.entries())
      expect(await ask(target)).toMatchObject({ call: call + 1, hit: true });
  });

  it.each(['/v1/quotes/travel?b=1', '/v1/quotes/osago/x?b=1', '//evil.test/v1/quotes/osago?b=1', 'b=1', 'http://['])(
    'is nothing that %s tells of it',
    async (location) => {
      const { ask, calls } = createScriptedCore(() => ({ risk: { a: '1' }, location }));
      await ask('/v1/quotes/osago?a=1');
      for (const path of ['osago', 'travel']) await ask(`/v1/quotes/${path}?b=1`);
      expect(calls).toHaveLength(3);
    },
  );
});

describe('a default', () => {
  /** Releases that take the absence of `b` for different values. */
  const release = (value: string) => (query: URLSearchParams) => {
    const risk = { a: query.get('a'), b: query.get('b') ?? value };
    const shortest = risk.b === value ? `a=${risk.a}` : `a=${risk.a}&b=${risk.b}`;
    return { risk, location: `/v1/quotes/osago?${shortest}` };
  };

  it('that replicas of two releases differ in never gives a caller another value than it said', async () => {
    const { ask, script } = createScriptedCore(release('4'));
    expect(await ask('/v1/quotes/osago?a=1')).toMatchObject({ risk: { a: '1', b: '4' } });
    script.read = release('3');
    // The last that was told is that the absence of b stands for 3.
    await ask('/v1/quotes/osago?a=2');
    expect(await ask('/v1/quotes/osago?a=1&b=3')).toMatchObject({ risk: { a: '1', b: '3' } });
  });

  it('that is said twice, or with another value, is no default', async () => {
    const { ask, calls } = createScriptedCore(release('3'));
    await ask('/v1/quotes/osago?a=1');
    const others = ['a=1&b=4', 'a=1&b=3&b=4', 'a=1&b=3&c=3', 'a=2&b=3'].map((query) => `/v1/quotes/osago?${query}`);
    for (const target of others) expect(await ask(target)).toMatchObject({ hit: false });
    expect(calls.slice(1)).toEqual(others);
  });
});

describe('spellings without end', () => {
  it('a thousand repeats are one key, and core is sent one', async () => {
    const { ask, calls } = createScriptedCore(() => ({ risk: { a: 1 } }));
    await ask('/v1/quotes/osago?a=1');
    expect(await ask(`/v1/quotes/osago?${'a=1&'.repeat(1_000)}`)).toMatchObject({ call: 1, hit: true });
    expect(calls).toEqual(['/v1/quotes/osago?a=1']);
  });

  it('of one quote keep one answer, and push out no other', async () => {
    const ballast = 'x'.repeat(1_500_000);
    const { ask, calls } = createScriptedCore((query) => ({ risk: { a: query.get('a') }, ballast }));
    await ask('/v1/quotes/osago?a=kept');
    for (let spelling = 0; spelling < 20; spelling += 1) await ask(`/v1/quotes/osago?a=1&b=${spelling}`);
    expect([await ask('/v1/quotes/osago?a=kept'), calls.length]).toMatchObject([{ call: 1, hit: true }, 21]);
  });
});
