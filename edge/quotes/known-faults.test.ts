import { describe, expect, test } from 'vitest';
import { createTestEdge } from '../edge.testing.ts';
import { ALFA, BETA } from '../fake-core.testing.ts';

const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
const MINUTE_MS = 60_000;
const OFFER_TTL_MS = 15 * MINUTE_MS;

interface Client {
  readonly id: string;
  readonly key: string;
}
const FIRST: Client = { id: ALFA.partner.id, key: ALFA.key };
const SECOND: Client = { id: BETA.partner.id, key: BETA.key };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: readonly (readonly [string, string])[];
}

/** Something that caches quotes over a core that can die, under a clock that the test moves. */
interface QuoteCache {
  /** Without a client nobody says who asks, so that no key has to be looked up. */
  ask(client?: Client): Promise<Answer>;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  readonly loseCore: () => void;
}

function ours(): QuoteCache {
  const edge = createTestEdge();
  return {
    async ask(client) {
      const { id, key } = client ?? {};
      const headers = { 'x-request-id': `request-of-${id}`, cookie: `session=${id}` };
      const answer = await edge.get(QUOTE, key ? { key, headers } : {});
      await edge.settle();
      return { status: answer.status, text: await answer.text(), headers: [...answer.headers] };
    },
    now: edge.clock.now,
    advance: edge.clock.advance,
    loseCore: () => {
      edge.weather.core = 'dead';
    },
  };
}

interface NaiveQuote {
  readonly quoteId: string;
  readonly expiresAt: string;
}
interface Kept {
  readonly quote: NaiveQuote & { readonly client: string | undefined };
  usedAt: number;
}

/** A cache that keeps a whole answer by its address; `handOut` is what becomes of a kept one. */
function naive(handOut: (kept: Kept, now: number) => NaiveQuote): QuoteCache {
  let [now, rated] = [Date.parse('2026-11-22T10:00:00.000Z'), 0];
  let isCoreAway = false;
  let kept: Kept | undefined;
  const rate = (client?: Client): Kept => {
    rated += 1;
    const expiresAt = new Date(now + OFFER_TTL_MS).toISOString();
    return { quote: { quoteId: `quote-${rated}`, client: client?.id, expiresAt }, usedAt: now };
  };
  return {
    async ask(client) {
      if (!kept || now >= kept.usedAt + OFFER_TTL_MS) kept = isCoreAway ? undefined : rate(client);
      if (!kept) return { status: 503, text: '{}', headers: [] };
      const { expiresAt, ...quote } = handOut(kept, now);
      return { status: 200, text: JSON.stringify({ ...quote, offers: [{ expiresAt }] }), headers: [] };
    },
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    loseCore: () => {
      isCoreAway = true;
    },
  };
}

/** LAW: a cached answer is nobody's: no id of a quote or of a client goes to another client. */
async function givesNothingOfAnother(cache: QuoteCache): Promise<void> {
  const [first, second] = [await cache.ask(FIRST), await cache.ask(SECOND)];
  expect([first.status, second.status]).toEqual([200, 200]);
  const ids = [first, second].flatMap(({ text }) => (JSON.parse(text) as Partial<NaiveQuote>).quoteId ?? []);
  expect(new Set(ids).size, 'two clients got one quote id').toBe(ids.length);
  const said = JSON.stringify([second.text, second.headers]);
  for (const own of [FIRST.id, FIRST.key]) expect(said, 'an answer tells of another client').not.toContain(own);
}

/** LAW: what is handed out never lives longer than 15 minutes from its rating, however often it is asked for. */
async function countsFromRating(cache: QuoteCache): Promise<void> {
  const ratedAt = cache.now();
  await cache.ask();
  cache.loseCore();
  for (let minute = 0; minute < 20; minute += 1) {
    const { status, text } = await cache.ask();
    const { offers = [] } = JSON.parse(text) as { offers?: { expiresAt: string }[] };
    const ends = offers.map(({ expiresAt }) => Date.parse(expiresAt) - ratedAt);
    if (status === 200)
      expect(ends, 'an expiry was counted from another moment than the rating').toEqual([OFFER_TTL_MS]);
    if (minute >= 15) expect(status, 'a quote outlived its offers').toBe(503);
    cache.advance(MINUTE_MS);
  }
}

describe('F11 a cached quote that gives one quote id to two clients', () => {
  test('D7 the edge keeps the law', () => givesNothingOfAnother(ours()));
  test('D7 a cache that keeps the quote id with the answer is caught', async () => {
    const faulty = naive(({ quote: { quoteId, expiresAt } }) => ({ quoteId, expiresAt }));
    await expect(givesNothingOfAnother(faulty)).rejects.toThrow('two clients got one quote id');
  });
  test('D7 a cache that keeps whose quote it was is caught', async () => {
    let handedOut = 0;
    const faulty = naive(({ quote }) => {
      handedOut += 1;
      return { ...quote, quoteId: `quote-${handedOut}` };
    });
    await expect(givesNothingOfAnother(faulty)).rejects.toThrow('an answer tells of another client');
  });
});

describe('F11 a cached quote with an expiry counted from the wrong moment', () => {
  test('D7 the edge keeps the law', () => countsFromRating(ours()));
  test('D7 a cache that counts the expiry from when it hands the quote out is caught', async () => {
    const faulty = naive(({ quote }, now) => ({ ...quote, expiresAt: new Date(now + OFFER_TTL_MS).toISOString() }));
    await expect(countsFromRating(faulty)).rejects.toThrow('an expiry was counted from another moment than the rating');
  });
  test('D7 a cache that counts the life of an answer from its last use is caught', async () => {
    const faulty = naive((kept, now) => {
      kept.usedAt = now;
      return kept.quote;
    });
    await expect(countsFromRating(faulty)).rejects.toThrow('a quote outlived its offers');
  });
});
