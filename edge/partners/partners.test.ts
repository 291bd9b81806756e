import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore, slugOf, statuses } from '../edge.testing.ts';
import { ALFA, BETA, demoPartner, SITE } from '../fake-core.testing.ts';
import { keyMatches } from './key-matches.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const askedPartners = (edge: ReturnType<typeof createTestEdge>) => edge.core.callsTo('/internal/partners').length;

describe('partner keys', () => {
  it('core is asked about a partner once, however many requests come at once, and none of them is refused', async () => {
    const edge = createTestEdge();
    const answers = await Promise.all(Array.from({ length: 500 }, () => edge.get(QUOTE, { key: SITE.key })));
    expect([statuses(answers), askedPartners(edge)]).toEqual([{ 200: 500 }, 1]);
  });

  it.each([
    ['another scheme', 'Basic aWs6'],
    ['no scheme', ALFA.key],
    ['nothing', ''],
    ['a short secret', `Bearer ${ALFA.key.slice(0, -1)}`],
    ['a long secret', `Bearer ${ALFA.key}A`],
    ['a path for a partner', `Bearer ik_../../x_${'A'.repeat(43)}`],
    ['two keys', `Bearer ${ALFA.key} ${BETA.key}`],
  ])('%s is 401 on public routes too, and core is never asked', async (_what, authorization) => {
    const edge = createTestEdge();
    for (const path of [QUOTE, '/v1/products', '/v1/policies/msk-1']) {
      const answer = await edge.get(path, { headers: { authorization } });
      expect([path, answer.status, await slugOf(answer)]).toEqual([path, 401, 'unauthenticated']);
    }
    expect(edge.core.seen).toHaveLength(0);
  });

  it("an unknown partner, a wrong secret and another partner's secret get the same answer", async () => {
    const edge = createTestEdge();
    const keys = [demoPartner('gamma', 20).key, `ik_alfa_${'A'.repeat(43)}`, BETA.key.replace('beta', 'alfa')];
    const answers = await Promise.all(
      keys.map(async (key) => {
        const answer = await edge.get(QUOTE, {
          key,
          headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
        });
        return [answer.status, answer.headers.get('www-authenticate'), await answer.text()];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('an unknown partner is remembered as such for 5 s: a new one works within that time', async () => {
    const edge = createTestEdge();
    const gamma = demoPartner('gamma', 20);
    for (const _ of [1, 2, 3]) expect((await edge.get(QUOTE, { key: gamma.key })).status).toBe(401);
    expect(askedPartners(edge)).toBe(1);
    edge.core.partners.set('gamma', gamma.partner);
    edge.clock.advance(5_000);
    expect((await edge.get(QUOTE, { key: gamma.key })).status).toBe(200);
  });

  it('guessing partners counts on the address before it costs core anything', async () => {
    const edge = createTestEdge();
    const guesses = Array.from({ length: 100 }, (_, at) => edge.get(QUOTE, { key: demoPartner(`guess-${at}`, 1).key }));
    expect(statuses(await Promise.all(guesses))).toEqual({ 401: 20, 429: 80 });
    expect(askedPartners(edge)).toBe(20);
    expect((await edge.get(QUOTE, { key: `ik_alfa_${'A'.repeat(43)}` })).status).toBe(429);
  });

  it('a partner whose address is used up by others keeps its own limit', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE, { key: ALFA.key });
    await Promise.all(Array.from({ length: 50 }, () => edge.get(QUOTE)));
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(200);
    edge.clock.advance(31_000);
    await Promise.all(Array.from({ length: 50 }, () => edge.get(QUOTE)));
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(200);
  });

  it('a revoked key and a new limit are in force within 30 s, through memory and store together', async () => {
    const store = createTestStore();
    const [one, other] = [createTestEdge({ store }), createTestEdge({ store })];
    await one.get(QUOTE, { key: ALFA.key });
    await one.settle();
    one.clock.advance(27_000);
    other.clock.advance(27_000);
    expect((await other.get(QUOTE, { key: ALFA.key })).status).toBe(200);
    expect(askedPartners(other)).toBe(0);
    for (const edge of [one, other]) edge.core.partners.set('alfa', { ...ALFA.partner, keyDigests: [] });
    for (const edge of [one, other]) {
      edge.clock.advance(1_000);
      expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(401);
    }
  });

  it('two live keys let a partner rotate', async () => {
    const edge = createTestEdge();
    const next = `ik_alfa_${'B'.repeat(43)}`;
    const digest = createHash('sha256').update(next).digest('hex');
    edge.core.partners.set('alfa', { ...ALFA.partner, keyDigests: [...ALFA.partner.keyDigests, digest] });
    for (const key of [ALFA.key, next]) expect((await edge.get(QUOTE, { key })).status).toBe(200);
  });

  it('core away and nothing remembered is 503, never 401', async () => {
    const edge = createTestEdge();
    edge.weather.core = 'dead';
    for (const key of [ALFA.key, demoPartner('gamma', 1).key]) {
      const answer = await edge.get(QUOTE, { key });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    }
  });

  it('core away: a partner that was idle before reads what callers without a key read, also after 15 min', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE, { key: ALFA.key });
    edge.clock.advance(10 * 60_000);
    await edge.get('/v1/quotes/osago?kbm=4');
    edge.weather.core = 'dead';
    edge.clock.advance(13 * 60_000);
    for (const init of [{}, { key: ALFA.key }])
      expect((await edge.get('/v1/quotes/osago?kbm=4', init)).status).toBe(200);
    edge.clock.advance(2 * 60_000);
    for (const init of [{}, { key: ALFA.key }])
      expect((await edge.get('/v1/quotes/osago?kbm=4', init)).status).toBe(503);
  });

  it('a partner in use is renewed behind its requests: none of them waits for core, or for one that is away', async () => {
    const edge = createTestEdge({ store: createTestStore() });
    const ask = async () => {
      const asked = askedPartners(edge);
      const { status } = await edge.get(QUOTE, { key: ALFA.key });
      const waited = askedPartners(edge) - asked;
      await edge.settle();
      return { status, waited, asked: askedPartners(edge) - asked };
    };
    await ask();
    edge.clock.advance(13_900);
    expect(await ask()).toEqual({ status: 200, waited: 0, asked: 0 });
    edge.core.partnersAway = true;
    for (const advanced of [200, 900, 200]) {
      edge.clock.advance(advanced);
      // Asked again a second after it failed, not at each request.
      expect(await ask()).toMatchObject({ status: 200, asked: advanced === 900 ? 0 : 1 });
    }
    edge.core.partnersAway = false;
    edge.clock.advance(1_000);
    expect(await ask()).toMatchObject({ status: 200, asked: 1 });
    edge.core.partnersAway = true;
    edge.clock.advance(27_000);
    expect((await edge.get('/v1/policies/msk-1', { key: ALFA.key })).status).toBe(200);
  });

  it('a clock that was set back does not keep a revoked key alive', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE, { key: ALFA.key });
    edge.core.partners.set('alfa', { ...ALFA.partner, keyDigests: [] });
    edge.clock.advance(-3_600_000);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(401);
  });

  it('core away: a remembered partner still reads quotes, and writes nothing', async () => {
    const edge = createTestEdge();
    await edge.get(QUOTE, { key: ALFA.key });
    edge.weather.core = 'dead';
    edge.clock.advance(13 * 60_000);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(200);
    expect((await edge.get(QUOTE, { key: `ik_alfa_${'A'.repeat(43)}` })).status).toBe(401);
    edge.weather.core = 'fine';
    edge.core.partnersAway = true;
    expect((await edge.get('/v1/policies', { method: 'POST', key: ALFA.key, body: '{}' })).status).toBe(503);
    expect(edge.core.callsTo('/v1/policies')).toHaveLength(0);
    edge.clock.advance(24 * 3_600_000);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(503);
  });

  const forged = { fetchedAt: Date.parse('2026-11-22T10:00:00.000Z'), partner: { ...ALFA.partner, keyDigests: [] } };
  it.each([
    ['nonsense', 'nonsense'],
    ['a redirect of trust', { fetchedAt: 9e15, partner: { ...BETA.partner } }],
    ['a broken partner', { fetchedAt: 9e15, partner: { id: 'alfa' } }],
    ['a partner that no edge sealed', forged],
    ['one with a seal of somebody else', 'A'.repeat(43) + JSON.stringify(forged)],
  ])('%s in the store is not believed', async (_what, value) => {
    const store = createTestStore();
    const edge = createTestEdge({ store });
    const headers = { authorization: 'Bearer a-token-of-the-store-for-tests-only-ok' };
    const name = 'partner:2:msk:alfa';
    const body = JSON.stringify(['SET', name, typeof value === 'string' ? value : JSON.stringify(value)]);
    expect((await store.request('/', { method: 'POST', headers, body })).status).toBe(200);
    expect((await edge.get(QUOTE, { key: ALFA.key })).status).toBe(200);
    expect(askedPartners(edge)).toBe(1);
    await edge.settle();
    expect(edge.storeCalls.some((call) => call.includes(name) && /"set"/i.test(call))).toBe(true);
  });
});

describe('keyMatches', () => {
  it('is true for a digest of this very key, in either place, and for nothing else', async () => {
    const [own = ''] = ALFA.partner.keyDigests;
    const [others = ''] = BETA.partner.keyDigests;
    expect(await keyMatches(ALFA.key, [own])).toBe(true);
    expect(await keyMatches(ALFA.key, [others, own])).toBe(true);
    for (const digests of [[], [others], [''], [own.slice(0, -1)], [`${own}0`], [own.toUpperCase()]]) {
      expect(await keyMatches(ALFA.key, digests)).toBe(false);
    }
  });
});
