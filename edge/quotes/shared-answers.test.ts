import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore, STORE_TOKEN, statuses, type TestEdge } from '../edge.testing.ts';

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

/** What is kept of each quote that an edge was asked for, by its name in the store; `run` sends the store a command. */
async function keepQuotes(...paths: string[]) {
  const store = createTestStore();
  const edge = createTestEdge({ store });
  for (const path of paths) await edge.get(path);
  await edge.settle();
  const commands = edge.storeCalls.map((text) => JSON.parse(text) as unknown[]);
  const kept = commands.flatMap(([command, name, value, , ttlMs]) =>
    /^set$/i.test(String(command)) && String(name).startsWith('answer:')
      ? [{ name: String(name), value: String(value), ttlMs }]
      : [],
  );
  const run = async (...command: string[]) => {
    const headers = { authorization: `Bearer ${STORE_TOKEN}`, 'content-type': 'application/json' };
    const answer = await store.request('/', { method: 'POST', headers, body: JSON.stringify(command) });
    expect(answer.status).toBe(200);
  };
  return { store, kept, run };
}

describe('what the store has under the name of a quote', () => {
  const OTHER = '/v1/quotes/osago?kbm=4&months=12';
  type Kept = Awaited<ReturnType<typeof keepQuotes>>['kept'];
  const old = { contentType: 'application/json', etag: '"x"', fetchedAt: 0, freshUntil: 2e12, usableUntil: 2e12 };
  const LIES: [string, (kept: Kept) => string][] = [
    ['that of another', ([, other]) => String(other?.value)],
    ['a dearer one', ([own]) => String(own?.value).replace('rated', 'RATED')],
    ['one of an earlier release', () => JSON.stringify({ ...old, body: '{"offers":[]}' })],
    ['one that nobody sealed', ([own]) => String(own?.value).slice(43)],
    ['rubbish', () => 'rubbish'],
    ['a number', () => '7'],
    ['nothing', () => ''],
  ];

  it.each(LIES)('%s is not taken for its answer', async (_what, lie) => {
    const { store, kept, run } = await keepQuotes(QUOTE, OTHER);
    await run('SET', String(kept[0]?.name), lie(kept));
    const edge = createTestEdge({ store });
    const answer = await edge.get(QUOTE);
    expect([answer.headers.get('cache-status'), edge.core.callsTo('/v1/quotes').length]).toEqual([
      'insuretech-edge; fwd=uri-miss; stored',
      1,
    ]);
    // The same name with what was kept is taken, so the lie was read.
    await run('SET', String(kept[0]?.name), String(kept[0]?.value));
    const good = await createTestEdge({ store }).get(QUOTE);
    expect(good.headers.get('cache-status')).toContain('detail=store');
  });

  it('says neither what was asked nor who asked, and ends with the use of its offers', async () => {
    const { kept } = await keepQuotes('/v1/quotes/osago?kbm=3&months=11');
    const named = { name: expect.stringMatching(/^answer:2:[0-9a-f]{64}$/), ttlMs: 14 * 60_000 };
    expect(kept).toEqual([{ ...named, value: expect.any(String) }]);
  });

  it('with the clock of who kept it ahead is not fresh for longer', async () => {
    const store = createTestStore();
    const startAt = Date.parse('2026-11-22T10:00:00.000Z');
    const ahead = createTestEdge({ store, startAt: startAt + 20_000 });
    await ahead.get(QUOTE);
    await ahead.settle();
    const edge = createTestEdge({ store, startAt });
    expect((await edge.get(QUOTE)).headers.get('cache-status')).toBe('insuretech-edge; hit; ttl=30; detail=store');
    edge.clock.advance(30_000);
    expect((await edge.get(QUOTE)).headers.get('cache-status')).toBe('insuretech-edge; hit; ttl=0');
  });

  it('R6 1,000 requests that miss at once in each of two isolates cost core a call each, and a third isolate none', async () => {
    const store = createTestStore();
    const start = () => createTestEdge({ store, env: { ANONYMOUS_LIMIT_PER_SECOND: '1000' } });
    const [one, other, third] = [start(), start(), start()];
    const ask = (edge: TestEdge) => Promise.all(Array.from({ length: 1_000 }, () => edge.get(QUOTE)));
    const answers = await Promise.all([ask(one), ask(other)]);
    for (const edge of [one, other]) await edge.settle();
    expect(statuses([...answers.flat(), ...(await ask(third))])).toEqual({ 200: 3_000 });
    expect([one, other, third].map(({ core }) => core.callsTo('/v1/quotes').length)).toEqual([1, 1, 0]);
    const reads = third.storeCalls.filter((text) => text.includes('answer:'));
    expect(reads).toHaveLength(1);
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
