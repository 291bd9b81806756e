import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { osagoEditionOn } from '#contracts/osago-corridors.ts';
import { Tariff } from '#contracts/tariff.ts';
import type { Book, Simulator } from '../../local/insurers/simulator.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { endlessBody, hangingBody, testContext } from '../protocols/test-context.ts';
import { anyBook } from './any-book.testing.ts';
import type { CollectedTariff, Insurer } from './insurer.ts';

/** A part of a reply as it should be, what it is turned into, and what the refusal must say. */
export type WrongField = readonly [good: RegExp, bad: string, message: string];

interface Dialect {
  readonly insurer: Insurer;
  readonly simulator: Simulator;
  /** Fields whose damage must refuse the whole reply: of every kind that the dialect has. */
  readonly wrongFields: readonly WrongField[];
  /** Puts a field that the adapter does not know into a good reply. */
  readonly withNewField: (text: string) => string;
}

/** Far above what they take: the machine may be busy. */
const PROPERTY_MS = 60_000;

const PRODUCTS = ['osago', 'travel', 'property', 'life'] as const;

/** What a book sells on the day that it is in Moscow at `now`, told without any of the adapters' own code. */
function soldOn(book: Book, now: Date): unknown[] {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(now);
  const inForce = book.osago.rates.filter(({ from, until }) => from <= today && (until === null || today < until));
  if (inForce.length === 0) return [];
  const baseRatesMinor = Object.fromEntries(inForce.map(({ row, baseRateMinor }) => [row, baseRateMinor]));
  return PRODUCTS.flatMap((product) => {
    if (product === 'osago') {
      return { product, commissionRateBps: book.osago.commissionRateBps, terms: { baseRatesMinor } };
    }
    const sold = book[product];
    return sold ? { product, ...sold } : [];
  });
}

const sorted = (tariffs: readonly CollectedTariff[]) =>
  tariffs.toSorted((a, b) => PRODUCTS.indexOf(a.product) - PRODUCTS.indexOf(b.product));

/** A book and a moment within a day of one of its changes: there a rate begins or ends too early or too late. */
const anyCase = (like: Book) =>
  anyBook(like).chain((book) =>
    fc.record({
      book: fc.constant(book),
      now: fc
        .tuple(
          fc.constantFrom(...book.osago.rates.flatMap(({ from, until }) => (until === null ? [from] : [from, until]))),
          fc.integer({ min: -86_400_000, max: 86_400_000 }),
        )
        .map(([day, offsetMs]) => new Date(Date.parse(`${day}T00:00:00+03:00`) + offsetMs)),
    }),
  );

/** Holds an adapter to its insurer's simulator: to the kopeck, over all pages, and against every kind of bad reply. */
export function describeAdapter({ insurer, simulator, wrongFields, withNewField }: Dialect): void {
  const { id, protocol } = insurer;
  const collect = (ctx: ReturnType<typeof testContext>) => insurer.collect(ctx, `http://insurers.test/${id}`);
  /** The simulator as it is mounted: under its id. */
  const ask = (book: Book) => {
    const app = simulator.serve(book);
    return async (url: string, init: RequestInit) => app.request(url.replace(`/${id}`, ''), init);
  };
  const over = (book: Book, changes: Parameters<typeof testContext>[1] = {}) => testContext(ask(book), changes);
  /** Collects while each reply that `touch` can change is changed. */
  const attacked = (turn: (good: Response) => Response | Promise<Response>, signal = new AbortController().signal) => {
    const answer = ask(simulator.book());
    return collect(testContext(async (url, init) => turn(await answer(url, init)), { signal }));
  };
  const rewritten = (change: (text: string) => string) => async (good: Response) => {
    const { status } = good;
    const headers = { 'content-type': good.headers.get('content-type') ?? '' };
    return new Response(change(await good.text()), { status, headers });
  };
  const withHeaders = (good: Response, headers: Record<string, string>, body: BodyInit | null = good.body) =>
    new Response(body, { headers: { 'content-type': good.headers.get('content-type') ?? '', ...headers } });

  describe(`R10 the adapter of ${id} over ${protocol}`, () => {
    test('collects what its simulator sells today, in the form of the contract', async () => {
      const book = simulator.book();
      const ctx = over(book);
      const collected = sorted(await collect(ctx));
      expect(collected).toEqual(soldOn(book, ctx.now()));
      for (const tariff of collected) {
        const sent = { ...tariff, insurer: id, version: 1, asOf: ctx.now().toISOString() };
        expect(Tariff.parse(sent)).toEqual(sent);
      }
    });

    test("begins with base rates inside today's official corridors", () => {
      const { rates } = simulator.book().osago;
      for (const { row, baseRateMinor, from, until } of rates) {
        if (from > '2026-11-22' || (until !== null && until <= '2026-11-22')) continue;
        const corridor = osagoEditionOn('2026-11-22')?.corridors.get(row as '2.2');
        expect(corridor?.minMinor, row).toBeLessThanOrEqual(baseRateMinor);
        expect(corridor?.maxMinor, row).toBeGreaterThanOrEqual(baseRateMinor);
      }
    });

    test(
      'collects any book to the kopeck and the day, over all its pages, on any day',
      async () => {
        await fc.assert(
          fc.asyncProperty(anyCase(simulator.book()), async ({ book, now }) => {
            const expected = soldOn(book, now);
            const collected = collect(over(book, { now: () => now }));
            if (expected.length === 0) await expect(collected).rejects.toMatchObject({ reason: 'tariff' });
            else expect(sorted(await collected)).toEqual(expected);
          }),
          { numRuns: 60 },
        );
      },
      PROPERTY_MS,
    );

    test.each(PRODUCTS.filter((product) => product !== 'osago' && simulator.book()[product] !== undefined))(
      'leaves out %s, and nothing else, once it is sold no more',
      async (product) => {
        const book = simulator.book();
        delete book[product as 'travel'];
        expect(sorted(await collect(over(book)))).toEqual(soldOn(book, over(book).now()));
      },
    );

    test('refuses pages of which one was read before a change and one after', async () => {
      const book = simulator.book();
      const answer = ask(book);
      const ctx = testContext(async (url, init) => {
        const response = await answer(url, init);
        book.osago.commissionRateBps += 10;
        return response;
      });
      await expect(collect(ctx)).rejects.toMatchObject({ reason: 'paging' });
    });

    test(
      'turns any damage to a reply into a refusal or into well-formed terms, never into another error',
      async () => {
        const answer = ask(simulator.book());
        const damage = fc.record({
          at: fc.nat(6_000),
          length: fc.nat(40),
          put: fc.string({ maxLength: 8, unit: 'binary-ascii' }),
        });
        await fc.assert(
          fc.asyncProperty(damage, async ({ at, length, put }) => {
            const ctx = testContext(async (url, init) => {
              const good = await answer(url, init);
              const text = await good.text();
              const start = at % text.length;
              return new Response(text.slice(0, start) + put + text.slice(start + length), good);
            });
            const outcome = await collect(ctx).catch((error: unknown) => error);
            if (outcome instanceof InsurerReplyError) {
              expect(outcome.message.length).toBeLessThan(400);
              return;
            }
            for (const tariff of outcome as CollectedTariff[]) {
              const sent = { ...tariff, insurer: id, version: 1, asOf: ctx.now().toISOString() };
              expect(Tariff.parse(sent)).toEqual(sent);
            }
          }),
          { numRuns: 300 },
        );
      },
      PROPERTY_MS,
    );

    test('lets the insurer add fields: they are left out', async () => {
      const before = await attacked((good) => good);
      expect(await attacked(rewritten(withNewField))).toEqual(before);
    });

    test.each(wrongFields.map(([good, bad, message]) => ({ good, bad, message })))(
      'refuses the whole reply for $bad in place of $good',
      async ({ good, bad, message }) => {
        let met = false;
        const turn = rewritten((text) => {
          met ||= good.test(text);
          return text.replace(good, bad);
        });
        const error: unknown = await attacked(turn).catch((caught) => caught);
        expect(met, `no reply has ${good}`).toBe(true);
        expect(error).toMatchObject({ name: 'InsurerReplyError', message: expect.stringContaining(message) });
      },
    );

    test.each<[string, string | undefined, (good: Response) => Response | Promise<Response>]>([
      ['cut in half', 'malformed', rewritten((text) => text.slice(0, text.length / 2))],
      ['cut by one character', 'malformed', rewritten((text) => text.trimEnd().slice(0, -1))],
      ['empty', 'malformed', rewritten(() => '')],
      ['right in syntax with nothing in it', undefined, rewritten((text) => (text.startsWith('<') ? '<a/>' : '{}'))],
      ['a page of HTML', 'content-type', (good) => withHeaders(good, { 'content-type': 'text/html' })],
      ['of no type', 'content-type', () => new Response(new Uint8Array([0x7b, 0x7d]))],
      [
        'of another charset',
        'content-type',
        (good) => withHeaders(good, { 'content-type': 'text/xml; charset=cp1251' }),
      ],
      [
        'HTTP 500',
        'status',
        () => new Response('<h1>Oops</h1>', { status: 500, headers: { 'content-type': 'text/html' } }),
      ],
      ['HTTP 429', 'status', () => new Response(null, { status: 429, headers: { 'retry-after': '5' } })],
      [
        'a redirect',
        'status',
        () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
      ],
      ['announced as 100 MB', 'too-large', (good) => withHeaders(good, { 'content-length': '100000000' })],
    ])('refuses a reply that is %s', async (_, reason, turn) => {
      const error = await attacked(turn).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InsurerReplyError);
      if (reason !== undefined) expect(error).toMatchObject({ reason });
    });

    test('refuses a body without an end, without holding more than the bound', async () => {
      const { body, seen } = endlessBody(new Uint8Array(4_096).fill(0x20));
      await expect(attacked((good) => withHeaders(good, {}, body))).rejects.toMatchObject({ reason: 'too-large' });
      expect(seen.cancelled).toBe(true);
      expect(seen.chunks).toBeLessThanOrEqual(65_536 / 4_096 + 2);
    });

    test('lets go of a body that hangs as soon as the signal says so, with its reason', async () => {
      const { body, waiting, cancelled } = hangingBody(' ');
      const abort = new AbortController();
      const collected = attacked((good) => withHeaders(good, {}, body), abort.signal);
      await waiting;
      abort.abort(new Error('slot is over'));
      await expect(collected).rejects.toThrow('slot is over');
      await cancelled;
    });
  });
}
