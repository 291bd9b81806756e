import { createHmac, randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { HOP_HEADER, HOP_TTL_SECONDS } from '#contracts/hop.ts';
import { createCoreApp } from './app.ts';
import { parseConfig } from './config.ts';
import {
  createTestCore,
  HOLDER,
  NOW,
  partner,
  query,
  signHop,
  type TestCore,
  tariff,
  testEnv,
} from './core.testing.ts';
import { createKeyRing } from './offers/key-ring.ts';
import { countWritten } from './policies/policies.testing.ts';
import { problemOf, slugOf } from './problem.testing.ts';
import { requestQuote } from './quotes/request-quote.ts';

const DAY_MS = 86_400_000;

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox`;
  core.clock.at = new Date(NOW);
});
afterAll(() => core[Symbol.asyncDispose]());

const tokenOf = (ctx = core.ctx, startsOn = '2026-11-23') => {
  const [offer] = requestQuote(ctx, { product: 'osago', query: query({ startsOn }) }).offers;
  return offer?.token ?? '';
};
const bodyOf = (offer: string, startsOn = '2026-11-23') => JSON.stringify({ offer, holder: HOLDER, startsOn });
const buy = (offer: string, startsOn?: string) =>
  core.call('/v1/policies', {
    method: 'POST',
    by: 'alfa',
    body: bodyOf(offer, startsOn),
    headers: { 'idempotency-key': `key-${randomUUID()}` },
  });
const written = () => countWritten(core);
const NOTHING = { policies: 0, cancelled: 0, events: 0 };

const base64url = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('D7 an offer that somebody made or altered', () => {
  /** The key in use, as one who stole it would sign. */
  const signed = (header: object, claims: object, hash = 'sha256') => {
    const [key] = core.config.OFFER_KEYS;
    const text = `${base64url(header)}.${base64url(claims)}`;
    return `${text}.${createHmac(hash, key?.key ?? '')
      .update(text)
      .digest('base64url')}`;
  };
  const good = { alg: 'HS256', kid: 'k2' };

  test('is sold only as this region writes it: the very token, made by hand, is', async () => {
    expect((await buy(signed(good, claimsOf(tokenOf())))).status).toBe(201);
  });

  test.each<[string, (claims: Record<string, unknown>) => string]>([
    ['with another alg, HS512', (claims) => signed({ ...good, alg: 'HS512' }, claims, 'sha512')],
    ['with another alg, HS384', (claims) => signed({ ...good, alg: 'HS384' }, claims, 'sha384')],
    ['that says another alg than it has', (claims) => signed({ ...good, alg: 'RS256' }, claims)],
    ['with alg none and no signature', (claims) => `${base64url({ alg: 'none', kid: 'k2' })}.${base64url(claims)}.`],
    ['without kid', (claims) => signed({ alg: 'HS256' }, claims)],
    ['with the kid of another key', (claims) => signed({ ...good, kid: 'k1' }, claims)],
    ['with a kid that is not known', (claims) => signed({ ...good, kid: '../k2' }, claims)],
    ['with a kid that is no text', (claims) => signed({ ...good, kid: ['k2'] }, claims)],
    ['with more in its header', (claims) => signed({ ...good, crit: ['b64'], b64: false }, claims)],
    [
      'with its price altered',
      (claims) => signed(good, claims).replace(/\..*\./, `.${base64url({ ...claims, premiumMinor: 1 })}.`),
    ],
    [
      'with its expiry altered',
      (claims) =>
        signed(good, claims).replace(/\..*\./, `.${base64url({ ...claims, expiresAt: '2036-11-22T10:00:00.000Z' })}.`),
    ],
    ['with a price of nothing, though it is signed', (claims) => signed(good, { ...claims, premiumMinor: 0 })],
    ['with a claim more, though it is signed', (claims) => signed(good, { ...claims, discount: 1 })],
    ['cut short', (claims) => signed(good, claims).slice(0, -1)],
    ['with a part more', (claims) => `${signed(good, claims)}.e30`],
    ['with a payload that is no JSON', () => `${base64url(good)}.${base64url('{')}.x`],
  ])('%s is offer-invalid, and nothing is written', async (_what, forge) => {
    const answer = await buy(forge(claimsOf(tokenOf())));
    expect(await slugOf(answer)).toEqual([400, 'offer-invalid']);
    expect(await written()).toEqual(NOTHING);
  });
});

describe('D7 an offer in time', () => {
  const expiryOf = (token: string) => Date.parse(claimsOf(token).expiresAt);

  test.each([
    ['15 minutes after rating', NOW, Date.parse(NOW) + 15 * 60_000],
    [
      'at the midnight of Moscow in which its cover begins',
      '2026-11-22T20:50:00.000Z',
      Date.parse('2026-11-22T21:00:00.000Z'),
    ],
  ])('that ends %s is sold up to the millisecond before, and refused at it and after it', async (_when, at, end) => {
    core.clock.at = new Date(at);
    const token = tokenOf();
    expect(expiryOf(token)).toBe(end);
    for (const past of [0, 1, 30_000]) {
      core.clock.at = new Date(end + past);
      const { slug, status, quote } = await problemOf(await buy(token));
      expect([slug, status]).toEqual(['offer-expired', 409]);
      expect(quote).toMatch(/^\/v1\/quotes\/osago\?/);
    }
    expect(await written()).toEqual(NOTHING);
    core.clock.at = new Date(end - 1);
    expect((await buy(token)).status).toBe(201);
  });
});

describe('R2 clocks of edge and core that differ', () => {
  /** A call that edge signs by its own clock, so many ms off core's, and that is under way for no time. */
  const callOff = (ms: number) => {
    const iat = Math.floor((core.clock.at.getTime() + ms) / 1000);
    return core.call(`/v1/quotes/osago?${query()}`, { signed: { iat, exp: iat + HOP_TTL_SECONDS } });
  };

  test.each<[string, number, number]>([
    ['edge 30 s behind: its hops of 30 s are just alive', -30_000, 200],
    ['edge 35 s behind: 30 s and what clocks may differ', -35_000, 200],
    ['edge 36 s behind', -36_000, 401],
    ['edge 5 s ahead: what clocks may differ', 5_000, 200],
    ['edge 6 s ahead', 6_000, 401],
    ['edge 30 s ahead', 30_000, 401],
  ])('%s', async (_what, ms, status) => {
    expect((await callOff(ms)).status).toBe(status);
  });

  test('a hop is refused a millisecond after its 30 s and the 5 s that clocks may differ', async () => {
    const path = '/v1/products';
    const hop = await signHop(core.config.HOP_KEY, { at: core.clock.at, method: 'GET', path });
    const callAfter = async (ms: number) => {
      core.clock.at = new Date(Date.parse(NOW) + ms);
      return (await core.app.request(path, { headers: { [HOP_HEADER]: hop } })).status;
    };
    expect([await callAfter(35_000), await callAfter(35_001)]).toEqual([200, 401]);
  });
});

describe('D7 two live keys', () => {
  const [NEW, OLD] = [`new:${'A'.repeat(42)}A`, `old:${'B'.repeat(42)}A`];
  /** Core as it starts with these OFFER_KEYS, on the same database. */
  const coreWith = (keys: string) => {
    const { OFFER_KEYS } = parseConfig({ ...testEnv(), OFFER_KEYS: keys });
    const ctx = { ...core.ctx, offerKeys: createKeyRing(OFFER_KEYS) };
    const app = createCoreApp(ctx, { config: core.config, registry: new Registry(), health: core.health });
    return {
      quote: () => tokenOf(ctx),
      buy: async (offer: string, key: string) => {
        const [path, body] = ['/v1/policies', bodyOf(offer)];
        const call = { at: core.clock.at, method: 'POST', path, body, partner: 'alfa' };
        const hop = await signHop(core.config.HOP_KEY, call);
        const headers = { [HOP_HEADER]: hop, 'content-type': 'application/json', 'idempotency-key': key };
        return app.request(path, { method: 'POST', headers, body });
      },
    };
  };

  test('offers of the old key are sold under new,old and refused under new alone, where repeats are still answered', async () => {
    const before = coreWith(OLD);
    const [first, second] = [before.quote(), before.quote()];
    const rotating = coreWith(`${NEW},${OLD}`);
    const sold = await rotating.buy(first, 'key-of-the-first');
    const text = await sold.text();
    expect([sold.status, sold.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const third = rotating.quote();
    expect(Buffer.from(third.split('.')[0] ?? '', 'base64url').toString()).toContain('"kid":"new"');

    const after = coreWith(NEW);
    expect(await slugOf(await after.buy(second, 'key-of-the-second'))).toEqual([400, 'offer-invalid']);
    expect(await written()).toEqual({ policies: 1, cancelled: 0, events: 1 });
    core.advance(DAY_MS);
    const again = await after.buy(first, 'key-of-the-first');
    expect([again.status, await again.text(), again.headers.get('idempotency-replayed')]).toEqual([201, text, 'true']);
    core.advance(-DAY_MS);
    expect((await after.buy(third, 'key-of-the-third')).status).toBe(201);
    // A core that has not the new key yet does not sell its offers: every replica learns a key before any signs with it.
    expect(await slugOf(await before.buy(after.quote(), 'key-of-the-fourth'))).toEqual([400, 'offer-invalid']);
  });
});
