import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Quote } from '#contracts/quote.ts';
import type { Risk } from '#contracts/risk.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { readOffer } from '../../core/offers/read-offer.ts';
import { PRODUCTS } from '../../core/rating/products.ts';
import { ALFA, BETA } from '../fake-core.testing.ts';
import type { Asking } from './any-asking.testing.ts';
import type { Given } from './quoting-core.testing.ts';
import type { QuotingEdge, QuotingRegion } from './quoting-region.testing.ts';

/** Who asks; `key` is undefined for anybody. */
export interface Caller {
  readonly requestId: string;
  readonly key?: string;
}
export const CALLERS: readonly Caller[] = [
  { requestId: 'request-of-nobody-1' },
  { requestId: 'request-of-nobody-2' },
  { requestId: 'request-of-alfa-003', key: ALFA.key },
  { requestId: 'request-of-beta-004', key: BETA.key },
];

/** A request, and what there was when it began. */
export interface Inquiry {
  readonly edge: QuotingEdge;
  readonly caller: Caller;
  readonly asking: Asking;
  readonly startedAt: number;
  /** How much core had told the edge by then. */
  readonly heard: number;
  /** Nobody else asks meanwhile, so that no time passes between the making of an answer and the sight of it. */
  readonly isAlone: boolean;
}

interface Served {
  readonly text: string;
  readonly quote: Quote;
}

interface Seen {
  readonly quote: Quote;
  readonly given: Given;
}

const SECOND_MS = 1_000;
/** How long a replaced revision is not believed when it is told again. */
const LAG_MS = 2 * SECOND_MS;
const MARGIN_MS = 60_000;

/** The canonical risk of a question on a day, as core reads it; undefined where core refuses it. */
function riskOn(today: string, { product, query }: Asking): Risk | undefined {
  const parsed = PRODUCTS[product].parse(query, today);
  return parsed.ok ? parsed.risk : undefined;
}

const dayOf = (at: number) => moscowDate(new Date(at));
const earliestEnd = ({ offers }: Quote) => Math.min(...offers.map(({ expiresAt }) => Date.parse(expiresAt)));
const numberIn = (text: string | null, pattern: RegExp) => Number(pattern.exec(text ?? '')?.[1] ?? Number.NaN);

/** For tests: sees every answer of a region's edges, and knows what no cache may do. */
export function createWitness({ core, clock }: QuotingRegion) {
  const byEtag = new Map<string, Served>();
  const madeAt = ({ startedAt, isAlone }: Inquiry) => (isAlone ? clock.now() : startedAt);

  /** LAW: a served quote is one that core gave for this very risk, signed, and its offers live. */
  function isGivenForThisRisk({ quote, text }: Served, request: Inquiry): Given {
    const { asking, startedAt } = request;
    const given = core.given.get(text);
    if (!given) throw new Error(`an answer that core never gave: ${text.slice(0, 200)}`);
    const days = [dayOf(startedAt), dayOf(clock.now())];
    const risks = days.map((day) => JSON.stringify(riskOn(day, asking)));
    expect(risks, 'another risk than was asked for').toContain(JSON.stringify(quote.risk));
    expect([quote.product, quote.region], 'another product or region').toEqual([asking.product, 'msk']);
    for (const offer of quote.offers) {
      expect(Date.parse(offer.expiresAt), 'an offer after its end').toBeGreaterThan(madeAt(request));
      const { premiumMinor, risk, insurer, tariffVersion } = readOffer(core.ctx, offer.token);
      const shown = [offer.premium.amountMinor, quote.risk, offer.insurer, offer.tariff.version];
      expect([premiumMinor, risk, insurer, tariffVersion], 'an offer that its token does not bind').toEqual(shown);
    }
    return given;
  }

  /** LAW: what is not passed on as it comes leaves a buyer a minute, and is fresh for 30 s and of the newest revision only. */
  function isFreshAsItSays({ quote }: Served, given: Given, { headers }: Response, request: Inquiry): void {
    const now = madeAt(request);
    const status = headers.get('cache-status') ?? '';
    const control = headers.get('cache-control') ?? '';
    if (control === 'no-store') {
      expect(status, 'kept, and no client may').not.toMatch(/hit|stored/);
      return;
    }
    if (quote.offers.length > 0)
      expect(earliestEnd(quote) - now, 'less than a minute to buy').toBeGreaterThan(MARGIN_MS);
    const [age, maxAge] = [Number(headers.get('age')), numberIn(control, /max-age=(\d+)/)];
    expect((age + 1) * SECOND_MS, 'younger than it is').toBeGreaterThan(now - given.at);
    expect(maxAge * SECOND_MS, 'fresh for longer than 30 s').toBeLessThanOrEqual(30_000);
    const ttl = numberIn(status, /ttl=(-?\d+)/);
    if (!(ttl > 0)) return;
    expect(now - given.at, 'fresh after 30 s').toBeLessThanOrEqual(30_000);
    const change = core.change();
    const isTold = request.edge.heard
      .slice(0, request.heard)
      .some(({ askedAt, change: seen }) => seen === change.number && askedAt > change.at + LAG_MS);
    if (isTold) expect(given.revision, 'fresh, and of tariffs that are no longer sold').toBe(core.revision());
  }

  /** LAW: an answer tells its caller nothing of another. */
  function isOfNobodyElse({ text }: { text: string }, { headers }: Response, { caller }: Inquiry): void {
    const all = text + JSON.stringify([...headers]);
    for (const other of CALLERS) {
      if (other !== caller) expect(all, 'something of another caller').not.toContain(other.requestId);
      if (other.key) expect(all, 'a key').not.toContain(other.key);
    }
    expect(headers.get('x-request-id')).toBe(caller.requestId);
    expect(headers.get('vary'), 'one answer for callers with and without a key').toContain('Authorization');
    expect(headers.get('ratelimit')).toMatch(caller.key ? /^"partner"/ : /^"address"/);
    const scope = caller.key ? /^(private,|no-store)/ : /^(public,|no-store)/;
    expect(headers.get('cache-control')).toMatch(scope);
  }

  /** LAW: core never learns who asked for a quote. */
  function coreKnowsNobody(): void {
    for (const { path, headers } of core.seen.splice(0)) {
      if (path.startsWith('/v1/')) expect([headers.get('authorization'), headers.get('cookie')]).toEqual([null, null]);
    }
  }

  async function isGood(response: Response, request: Inquiry): Promise<Seen> {
    const etag = response.headers.get('etag') ?? '';
    const text = await response.text();
    if (response.status === 200) byEtag.set(etag, { text, quote: JSON.parse(text) as Quote });
    const served = byEtag.get(etag);
    if (!served) throw new Error('304 for an answer that nobody was given');
    expect(etag, 'an ETag of other bytes').toBe(
      `"${createHash('sha256').update(served.text).digest().subarray(0, 16).toString('base64url')}"`,
    );
    const given = isGivenForThisRisk(served, request);
    isFreshAsItSays(served, given, response, request);
    isOfNobodyElse({ text }, response, request);
    return { quote: served.quote, given };
  }

  return {
    /** Throws unless the answer keeps every law. The quote, if it is one, and how core gave it. */
    async see(response: Response, request: Inquiry): Promise<Seen | undefined> {
      coreKnowsNobody();
      if (response.status === 200 || response.status === 304) return isGood(response, request);
      const days = [dayOf(request.startedAt), dayOf(clock.now())];
      if (response.status === 400) {
        const isRefused = days.some((day) => riskOn(day, request.asking) === undefined);
        expect(isRefused, 'refused, and core would take it').toBe(true);
        return undefined;
      }
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      return undefined;
    },
  };
}
