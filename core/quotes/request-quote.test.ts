import { beforeAll, describe, expect, test } from 'vitest';
import { Quote } from '#contracts/quote.ts';
import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { FRESHNESS_LIMITS, fixedCatalogue, NOW, query, tariff } from '../core.testing.ts';
import { createKeyRing, type KeyRing } from '../offers/key-ring.ts';
import { readOffer } from '../offers/read-offer.ts';
import { describeProducts } from './describe-products.ts';
import { freshness } from './freshness.ts';
import { requestQuote } from './request-quote.ts';
import { riskQuery } from './risk-query.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let offerKeys: KeyRing;
beforeAll(async () => {
  offerKeys = await createKeyRing([{ kid: 'k1', key: new Uint8Array(32).fill(1) }]);
});

/** An insurer whose base rate is `baseMinor` kopecks, or that has no tariff, last polled `agoMs` before NOW. */
const insurer = (id: string, { baseMinor, agoMs = 0 }: { baseMinor?: number; agoMs?: number }): CatalogueEntry => ({
  insurer: id,
  polledAt: new Date(Date.parse(NOW) - agoMs),
  tariffs: new Map(baseMinor ? [['osago', tariff(id, { baseMinor, version: 7 })]] : []),
});
const contextOf = (...entries: CatalogueEntry[]) => ({
  region: 'msk',
  offerKeys,
  now: () => new Date(NOW),
  catalogue: fixedCatalogue(entries),
  homeOf: () => undefined,
  freshnessLimits: FRESHNESS_LIMITS,
  countOutcome: () => undefined,
});
const quoteOf = (entries: CatalogueEntry[], changes: Record<string, string> = {}) =>
  requestQuote(contextOf(...entries), { product: 'osago', query: query(changes) });

describe('requestQuote', () => {
  test('gives the cheapest offer first, and of equal premiums by insurer', async () => {
    const quote = quoteOf([
      insurer('volga', { baseMinor: 400_000 }),
      insurer('baikal', { baseMinor: 500_000 }),
      insurer('ural', { baseMinor: 400_000 }),
      insurer('amur', { baseMinor: 300_000 }),
    ]);
    expect(Quote.parse(quote).offers.map((offer) => offer.insurer)).toEqual(['amur', 'ural', 'volga', 'baikal']);
    const premiums = quote.offers.map((offer) => offer.premium.amountMinor);
    expect(premiums).toEqual(premiums.toSorted((a, b) => a - b));
  });

  test('D8 marks a tariff stale after 20 minutes, hides it after 24 hours, and says of each insurer as of when it is', async () => {
    const quote = quoteOf([
      insurer('fresh', { baseMinor: 400_000, agoMs: 20 * MINUTE_MS }),
      insurer('stale', { baseMinor: 400_000, agoMs: 20 * MINUTE_MS + 1 }),
      insurer('last', { baseMinor: 400_000, agoMs: 24 * HOUR_MS }),
      insurer('gone', { baseMinor: 400_000, agoMs: 24 * HOUR_MS + 1 }),
    ]);
    expect(quote.offers.map((offer) => [offer.insurer, offer.tariff])).toEqual([
      ['fresh', { version: 7, asOf: '2026-11-22T09:40:00.000Z', stale: false }],
      ['last', { version: 7, asOf: '2026-11-21T10:00:00.000Z', stale: true }],
      ['stale', { version: 7, asOf: '2026-11-22T09:39:59.999Z', stale: true }],
    ]);
    expect(quote.insurers).toEqual([
      { insurer: 'fresh', status: 'offer', asOf: '2026-11-22T09:40:00.000Z' },
      { insurer: 'stale', status: 'offer', asOf: '2026-11-22T09:39:59.999Z' },
      { insurer: 'last', status: 'offer', asOf: '2026-11-21T10:00:00.000Z' },
      { insurer: 'gone', status: 'hidden-stale', asOf: '2026-11-21T09:59:59.999Z' },
    ]);
  });

  test('D8 freshness: a poll that a clock ahead of ours took is fresh', () => {
    const now = new Date(Date.parse(NOW) - HOUR_MS);
    expect(freshness(FRESHNESS_LIMITS, { polledAt: new Date(NOW), now })).toBe('fresh');
  });

  test('R14 says of each insurer without an offer why: no tariff, or a base rate outside the official corridor', async () => {
    const quote = quoteOf([
      insurer('empty', {}),
      insurer('greedy', { baseMinor: 866_501 }),
      insurer('least', { baseMinor: 139_899 }),
      insurer('volga', { baseMinor: 866_500 }),
    ]);
    expect(quote.offers.map((offer) => offer.insurer)).toEqual(['volga']);
    expect(quote.insurers).toEqual([
      { insurer: 'empty', status: 'no-tariff', asOf: NOW },
      {
        insurer: 'greedy',
        status: 'declined',
        reason: expect.stringContaining('outside the official corridor'),
        asOf: NOW,
      },
      { insurer: 'least', status: 'declined', reason: expect.stringContaining('1399.00 to 8665.00'), asOf: NOW },
      { insurer: 'volga', status: 'offer', asOf: NOW },
    ]);
  });

  test('D8 counts what became of each insurer, by product', async () => {
    const counted: string[] = [];
    const ctx = {
      ...contextOf(
        insurer('volga', { baseMinor: 400_000 }),
        insurer('gone', { agoMs: 25 * HOUR_MS }),
        insurer('new', {}),
      ),
      countOutcome: (outcome: { product: string; insurer: string; status: string }) =>
        counted.push(`${outcome.product} ${outcome.insurer} ${outcome.status}`),
    };
    requestQuote(ctx, { product: 'osago', query: query() });
    requestQuote(ctx, {
      product: 'life',
      query: new URLSearchParams('age=40&sex=male&sumInsured=500000&years=5'),
    });
    expect(counted).toEqual([
      'osago volga offer',
      'osago gone hidden-stale',
      'osago new no-tariff',
      'life volga no-tariff',
      'life gone hidden-stale',
      'life new no-tariff',
    ]);
  });

  test('with no insurer known is an answer without offers', async () => {
    expect(quoteOf([])).toMatchObject({ offers: [], insurers: [] });
  });

  test('D7 every offer expires 15 minutes after rating, and its token binds what it shows', async () => {
    const quote = quoteOf([insurer('volga', { baseMinor: 400_000, agoMs: HOUR_MS })]);
    expect(quote.ratedAt).toBe(NOW);
    const [offer] = quote.offers;
    expect(offer?.expiresAt).toBe('2026-11-22T10:15:00.000Z');
    expect(await readOffer(contextOf(), offer?.token ?? '')).toEqual({
      region: 'msk',
      product: 'osago',
      insurer: 'volga',
      tariffVersion: 7,
      risk: quote.risk,
      premiumMinor: offer?.premium.amountMinor,
      expiresAt: offer?.expiresAt,
    });
  });

  test.each([
    ['2026-11-22T20:45:00.000Z', '2026-11-22T21:00:00.000Z'],
    ['2026-11-22T20:45:00.001Z', '2026-11-22T21:00:00.000Z'],
    ['2026-11-22T20:59:59.999Z', '2026-11-22T21:00:00.000Z'],
    ['2026-11-22T21:00:00.000Z', '2026-11-22T21:15:00.000Z'],
  ])('D7 rated at %s for the next day in Moscow, an offer expires at %s: no later than its cover begins', (at, end) => {
    const ctx = { ...contextOf(insurer('volga', { baseMinor: 400_000 })), now: () => new Date(at) };
    const { offers } = requestQuote(ctx, { product: 'osago', query: query() });
    expect(offers.map((offer) => offer.expiresAt)).toEqual([end]);
    expect(readOffer({ ...ctx, now: () => new Date(at) }, offers[0]?.token ?? '').expiresAt).toBe(end);
  });

  test('D7 an offer for a later day expires 15 minutes after rating, also over a midnight', () => {
    const now = () => new Date('2026-11-22T20:59:59.999Z');
    const ctx = { ...contextOf(insurer('volga', { baseMinor: 400_000 })), now };
    const { offers } = requestQuote(ctx, { product: 'osago', query: query({ startsOn: '2026-11-24' }) });
    expect(offers[0]?.expiresAt).toBe('2026-11-22T21:14:59.999Z');
  });

  test('answers with the canonical risk: defaults filled in, drivers sorted; written as a query it is the same risk', async () => {
    const entries = [insurer('volga', { baseMinor: 400_000 })];
    const one = quoteOf(entries, { drivers: '35:10,22:1', powerHp: '106.0' });
    const other = quoteOf(entries, { drivers: '22:1,35:10', kbm: '3', months: '12', startsOn: '2026-11-23' });
    expect(one.risk).toEqual({
      category: 'B',
      owner: 'individual',
      use: 'personal',
      subject: 'Москва',
      locality: 'Москва',
      kbm: '3',
      drivers: expect.any(Array),
      powerHp: 106,
      months: 12,
      startsOn: '2026-11-23',
    });
    expect(JSON.stringify(other.risk)).toBe(JSON.stringify(one.risk));
    expect(other.offers).toEqual(one.offers);
    const again = requestQuote(contextOf(...entries), {
      product: 'osago',
      query: new URLSearchParams(riskQuery(one.risk)),
    });
    expect(again).toEqual(one);
  });

  test('refuses invalid parameters naming every one of them', async () => {
    const refused = () =>
      quoteOf([], {
        category: 'Z',
        drivers: '15:1',
        powerHp: '0',
        months: '2',
        wheels: '5',
        subject: '',
      });
    await expect(async () => refused()).rejects.toMatchObject({
      slug: 'invalid-request',
      extras: {
        errors: ['wheels', 'category', 'subject', 'drivers', 'powerHp', 'months'].map((field) =>
          expect.objectContaining({ field }),
        ),
      },
    });
  });
});

test('describeProducts names the parameters and the insurers that have a tariff', () => {
  const { items } = describeProducts(contextOf(insurer('empty', {}), insurer('volga', { baseMinor: 400_000 })));
  expect(items.map(({ product, insurers }) => [product, insurers])).toEqual([
    ['osago', ['volga']],
    ['travel', []],
    ['property', []],
    ['life', []],
  ]);
  expect(items[0]?.parameters.map((parameter) => parameter.name)).toContain('locality');
});
