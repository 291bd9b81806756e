import { describe, expect, it } from 'vitest';
import { createTestEdge, slugOf, statuses } from '../edge.testing.ts';
import { ALFA, BETA } from '../fake-core.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const read = async (response: Response) => ({
  status: response.status,
  body:
    response.status === 200 ? ((await response.json()) as { rated: number; offers: { expiresAt: string }[] }) : null,
  cache: response.headers.get('cache-status'),
  age: response.headers.get('age'),
});

describe('(a) no caching', () => {
  it('a quote is fresh for 30 s: core is asked once', async () => {
    const edge = createTestEdge();
    expect((await read(await edge.get(QUOTE))).cache).toBe('insuretech-edge; fwd=uri-miss; stored');
    edge.clock.advance(18_000);
    const hit = await edge.get(QUOTE);
    expect(hit.headers.get('cache-control')).toBe('public, max-age=30, must-revalidate');
    expect(await read(hit)).toMatchObject({ cache: 'insuretech-edge; hit; ttl=12', age: '18' });
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(1);
  });

  it('a stale quote is answered at once and renewed behind the answer, once', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE);
    edge.clock.advance(40_000);
    const answers = await Promise.all([1, 2, 3].map(async () => read(await edge.get(QUOTE))));
    for (const answer of answers) expect(answer.cache).toBe('insuretech-edge; hit; ttl=-10');
    await edge.settle();
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(2);
    expect((await read(await edge.get(QUOTE))).age).toBe('0');
  });

  it('R6 1,000 requests that miss at once cost core one call', async () => {
    const edge = createTestEdge({ env: { ANONYMOUS_LIMIT_PER_SECOND: '1000' } });
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => edge.get(QUOTE)));
    expect(statuses(answers)).toEqual({ 200: 1_000 });
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(1);
    expect(answers.filter((answer) => answer.headers.get('cache-status')?.includes('collapsed'))).toHaveLength(999);
  });

  it('the order of parameters, exact repeats and the spelling of escapes do not matter', async () => {
    const edge = createTestEdge();
    const same = [QUOTE, '/v1/quotes/osago?months=12&kbm=3', `${QUOTE}&kbm=3`, '/v1/quotes/osago?months=1%32&%6bbm=3'];
    for (const path of same) expect((await edge.get(path)).status).toBe(200);
    expect(edge.core.callsTo('/v1/quotes').map(({ target }) => target)).toEqual([QUOTE]);
  });

  it.each([
    ['another value', '/v1/quotes/osago?kbm=4&months=12'],
    ['one value more of a name', `${QUOTE}&kbm=4`],
    ['another name', `${QUOTE}&powerHp=`],
    ['names and values cut elsewhere', '/v1/quotes/osago?kbm=3%26months%3D12'],
  ])('%s is another quote', async (_what, path) => {
    const edge = createTestEdge();
    const first = await (await edge.get(QUOTE)).text();
    expect(await (await edge.get(path)).text()).not.toBe(first);
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(2);
  });

  it("Moscow's midnight ends an answer: the default start of a policy is another day", async () => {
    const edge = createTestEdge({ startAt: Date.parse('2026-11-22T20:59:50.000Z') });
    await edge.get(QUOTE);
    edge.clock.advance(15_000);
    expect((await read(await edge.get(QUOTE))).cache).toBe('insuretech-edge; fwd=uri-miss; stored');
  });

  it('a refusal of core passes through as it is and is never kept, and ends what was kept', async () => {
    const edge = createTestEdge();
    for (const _ of [1, 2]) {
      const refused = await edge.get('/v1/quotes/osago?kbm=rubbish');
      expect([refused.status, refused.headers.get('cache-control'), await slugOf(refused)]).toEqual([
        400,
        'no-store',
        'invalid-request',
      ]);
    }
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(2);
  });
});

describe('an answer never outlives its offers', () => {
  it.each([15 * 60_000, 100_000, 61_000, 30_000])('offers that live %i ms, asked every second', async (offerTtlMs) => {
    const edge = createTestEdge();
    edge.core.offerTtlMs = offerTtlMs;
    await edge.get(QUOTE);
    edge.weather.core = 'dead';
    for (let second = 0; second < offerTtlMs / 1_000 + 5; second += 1) {
      const { status, body } = await read(await edge.get(QUOTE));
      expect({ second, served: status === 200 }).toEqual({ second, served: second < offerTtlMs / 1_000 - 60 });
      if (body) expect(Date.parse(body.offers[0]?.expiresAt ?? '') - edge.clock.now()).toBeGreaterThan(60_000);
      edge.clock.advance(1_000);
    }
  });

  it('core down: stale quotes while offers live, then 503 with Retry-After, then quotes again', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE);
    edge.weather.core = 'dead';
    edge.clock.advance(14 * 60_000 - 1);
    expect((await edge.get(QUOTE)).status).toBe(200);
    await edge.settle();
    edge.clock.advance(1);
    const refused = await edge.get(QUOTE);
    expect([refused.status, refused.headers.get('retry-after'), await slugOf(refused)]).toEqual([
      503,
      '2',
      'core-unavailable',
    ]);
    edge.weather.core = 'fine';
    expect((await edge.get(QUOTE)).status).toBe(200);
  });

  it('core slow: the answer is the same once its deadline has passed', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE);
    edge.weather.core = 'slow';
    edge.clock.advance(60_000);
    expect((await read(await edge.get(QUOTE))).cache).toBe('insuretech-edge; hit; ttl=-30');
    expect((await edge.get('/v1/quotes/osago?kbm=9')).status).toBe(503);
  });

  it.each([
    [500, 200],
    [400, 400],
  ])('core that answers %i to a renewal leaves a stale quote at %i', async (status, then) => {
    const edge = createTestEdge();
    await edge.get(QUOTE);
    edge.core.refuses = status;
    edge.clock.advance(40_000);
    expect((await edge.get(QUOTE)).status).toBe(200);
    await edge.settle();
    expect((await edge.get(QUOTE)).status).toBe(then);
  });

  it('a quote whose offers end too soon is passed on and not kept', async () => {
    const edge = createTestEdge();
    edge.core.offerTtlMs = 59_000;
    const answer = await edge.get(QUOTE);
    expect([answer.headers.get('cache-control'), answer.headers.get('cache-status')]).toEqual([
      'no-store',
      'insuretech-edge; fwd=uri-miss',
    ]);
    await edge.get(QUOTE);
    expect(edge.core.callsTo('/v1/quotes')).toHaveLength(2);
  });

  it('core down for long asks it about a stale quote at most once a second', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE);
    edge.weather.core = 'dead';
    edge.clock.advance(60_000);
    for (let request = 0; request < 10; request += 1) {
      await edge.get(QUOTE);
      await edge.settle();
    }
    expect(edge.observed.filter(({ kind }) => kind === 'core-unavailable')).toHaveLength(1);
  });
});

describe('what clients may keep', () => {
  it('If-None-Match of the same answer gets 304 without a body, of another the whole', async () => {
    const edge = createTestEdge();
    const etag = (await edge.get(QUOTE)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const same = await edge.get(QUOTE, { headers: { 'if-none-match': tag } });
      expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
    }
    expect((await edge.get(QUOTE, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('with a key the answer is the same bytes, private to the client, and core never learns whose key it was', async () => {
    const edge = createTestEdge();
    const [own, others, anonymous] = [
      await edge.get(QUOTE, { key: ALFA.key }),
      await edge.get(QUOTE, { key: BETA.key }),
      await edge.get(QUOTE),
    ];
    expect(own.headers.get('cache-control')).toMatch(/^private, /);
    expect([own, others, anonymous].map((answer) => answer.headers.get('vary'))).toEqual(
      Array(3).fill('Authorization'),
    );
    const bodies = await Promise.all([own, others, anonymous].map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
    const [call] = edge.core.callsTo('/v1/quotes');
    expect([call?.claims?.partner, call?.headers.get('authorization')]).toEqual([undefined, null]);
  });
});
