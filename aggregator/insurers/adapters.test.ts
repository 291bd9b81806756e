import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import { createInsurersApp } from '../../local/insurers/app.ts';
import { type Book, demoBooks, type Rate } from '../../local/insurers/book.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { testContext } from '../protocols/test-context.ts';
import baikal from './baikal.ts';
import type { CollectedTariff } from './insurer.ts';
import ural from './ural.ts';
import volga from './volga.ts';

type App = ReturnType<typeof createInsurersApp>;

const ADAPTERS = { volga, ural, baikal };
const IDS = ['volga', 'ural', 'baikal'] as const;
type Id = (typeof IDS)[number];

const collect = (id: Id, ctx: ReturnType<typeof testContext>) =>
  ADAPTERS[id].collect(ctx, `http://insurers.test/${id}`);
const over = (app: App, now?: Date) =>
  testContext(async (url, init) => app.request(url, init), now === undefined ? {} : { now: () => now });

/** What a book sells on the day that it is in Moscow at `now`, told without any of the adapters' own code. */
function soldOn(book: Book, now: Date): Record<string, number> {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(now);
  const inForce = book.rates.filter(({ from, until }) => from <= today && (until === null || today < until));
  return Object.fromEntries(inForce.map(({ row, baseRateMinor }) => [row, baseRateMinor]));
}

const Day = fc
  .integer({ min: 0, max: 1_500 })
  .map((days) => new Date(Date.UTC(2024, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const Price = fc.integer({ min: 1, max: 999_999_999 });

/** Up to three rates of one row, one after the other. */
const RowRates = (row: string) =>
  fc
    .tuple(
      fc.uniqueArray(Day, { minLength: 2, maxLength: 4 }),
      fc.array(Price, { minLength: 3, maxLength: 3 }),
      fc.boolean(),
    )
    .map(([days, prices, open]) => {
      days.sort();
      return days.slice(0, -1).map((from, index): Rate => {
        const last = index === days.length - 2;
        return { row, baseRateMinor: prices[index] ?? 1, from, until: last && open ? null : (days[index + 1] ?? null) };
      });
    });
const AnyBook: fc.Arbitrary<Book> = fc.record({
  commissionRateBps: fc.integer({ min: 0, max: 10_000 }),
  rates: fc
    .subarray([...OsagoBaseRow.options], { minLength: 1 })
    .chain((rows) => fc.tuple(...rows.map(RowRates)))
    .chain((groups) => fc.shuffledSubarray(groups.flat(), { minLength: groups.flat().length })),
});

/** A book and a moment within a day of one of its changes: there a rate begins or ends too early or too late. */
const AnyCase = AnyBook.chain((book) =>
  fc.record({
    book: fc.constant(book),
    now: fc
      .tuple(
        fc.constantFrom(...book.rates.flatMap(({ from, until }) => (until === null ? [from] : [from, until]))),
        fc.integer({ min: -86_400_000, max: 86_400_000 }),
      )
      .map(([day, offsetMs]) => new Date(Date.parse(`${day}T00:00:00+03:00`) + offsetMs)),
  }),
);

describe.each(IDS)('the adapter of %s', (id) => {
  test('R10 collects what its simulator sells today', async () => {
    const books = demoBooks();
    const ctx = over(createInsurersApp(books));
    const [tariff, ...more] = await collect(id, ctx);
    expect(more).toEqual([]);
    expect(tariff).toEqual({
      product: 'osago',
      commissionRateBps: books[id].commissionRateBps,
      terms: { baseRatesMinor: soldOn(books[id], ctx.now()) },
    });
    expect(Object.keys(tariff?.terms.baseRatesMinor ?? {})).toEqual(['2.1', '2.2', '2.3']);
  });

  test('R10 collects any book to the kopeck and the day, over all its pages, on any day', async () => {
    await fc.assert(
      fc.asyncProperty(AnyCase, async ({ book, now }) => {
        const expected = soldOn(book, now);
        const collected = collect(id, over(createInsurersApp({ ...demoBooks(), [id]: book }), now));
        if (Object.keys(expected).length === 0) {
          await expect(collected).rejects.toMatchObject({ reason: 'tariff' });
          return;
        }
        const [tariff] = await collected;
        expect(tariff?.terms.baseRatesMinor).toEqual(expected);
        expect(tariff?.commissionRateBps).toBe(book.commissionRateBps);
      }),
      { numRuns: 60 },
    );
  });

  test('refuses pages of which one was read before a change and one after', async () => {
    const books = demoBooks();
    const app = createInsurersApp(books);
    const ctx = testContext(async (url, init) => {
      const response = await app.request(url, init);
      books[id].commissionRateBps += 10;
      return response;
    });
    await expect(collect(id, ctx)).rejects.toMatchObject({ reason: 'paging' });
  });

  test('turns any damage to a reply into a refusal or into well-formed terms, never into another error', async () => {
    const app = createInsurersApp();
    const damage = fc.record({
      at: fc.nat(2_000),
      length: fc.nat(40),
      put: fc.string({ maxLength: 8, unit: 'binary-ascii' }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, length, put }) => {
        const ctx = testContext(async (url, init) => {
          const good = await app.request(url, init);
          const text = await good.text();
          const start = at % text.length;
          return new Response(text.slice(0, start) + put + text.slice(start + length), good);
        });
        const outcome = await collect(id, ctx).catch((error: unknown) => error);
        if (outcome instanceof InsurerReplyError) {
          expect(outcome.message.length).toBeLessThan(400);
          return;
        }
        expect(outcome).toMatchObject([{ product: 'osago', commissionRateBps: expect.any(Number) }]);
        const [tariff] = outcome as CollectedTariff[];
        for (const price of Object.values(tariff?.terms.baseRatesMinor ?? {}))
          expect(Number.isSafeInteger(price) && price > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
