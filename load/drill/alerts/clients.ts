import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import type { Quote } from '#contracts/quote.ts';
import { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyQuery } from '../../bench/rating/any-query.ts';
import { keepPace, type Stream } from '../noisy-partner/traffic/pace.ts';

/** What somebody wanted of a region, when, and whether it had it; times by `performance.now()`. */
export interface Wish {
  readonly region: string;
  readonly kind: 'quote' | 'sale';
  readonly dueAt: number;
  isGood: boolean;
}

/** Buyers who quote and buy at an even pace, whatever becomes of it, and note it. Disposing sends them home. */
export interface Clients extends AsyncDisposable {
  readonly wishes: readonly Wish[];
  /** More sales, as at R6's peak and above; of the first region. */
  rush(isOn: boolean): void;
}

interface ClientsOptions {
  readonly regions: readonly { readonly name: string; readonly edge: string }[];
  readonly key: string;
  readonly random: () => number;
}

/** A second, in each region. */
const RATES = { quote: 5, sale: 3 } as const;
const RUSH_PER_SECOND = 20;
/** Who waits for longer than this has gone. */
const PATIENCE_MS = 5_000;
/** Offers in hand; older ones may be stale or over. */
const KEPT = 40;
/** A part of the quotes is one that the cache may have. */
const COMMON = 0.5;
const HOLDER = { fullName: 'Анна Иванова', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' };

interface Offer {
  readonly token: string;
  readonly startsOn: string;
}

export function startClients({ regions, key, random }: ClientsOptions): Clients {
  const wishes: Wish[] = [];
  const stop = new AbortController();
  const under = new Set<Promise<void>>();
  let rushing = false;
  const note = (wish: Wish, work: Promise<boolean>) => {
    wishes.push(wish);
    const done = work.then(
      (isGood) => {
        wish.isGood = isGood;
      },
      () => undefined,
    );
    under.add(done);
    void done.finally(() => under.delete(done));
  };
  const streams = regions.flatMap(({ name, edge }, index): Stream[] => {
    const shop = createShop({ edge, key, random });
    const stream = (kind: Wish['kind'], perSecond: number, isOn = () => true): Stream => ({
      perSecond,
      phase: random(),
      isOn: () => isOn() && (kind === 'quote' || shop.hasOffers()),
      arrive: (dueAt) =>
        note({ region: name, kind, dueAt, isGood: false }, kind === 'quote' ? shop.quote() : shop.buy()),
    });
    const all = [stream('quote', RATES.quote), stream('sale', RATES.sale)];
    return index === 0 ? [...all, stream('sale', RUSH_PER_SECOND, () => rushing)] : all;
  });
  const wait = (ms: number) => timer(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  const pacing = keepPace({ now: () => performance.now(), wait, signal: stop.signal }, streams);
  return {
    wishes,
    rush: (isOn) => {
      rushing = isOn;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await pacing;
      await Promise.all(under);
    },
  };
}

/** One region's door. Both resolve with whether it went well, and reject when there was no answer. */
function createShop({ edge, key, random }: { edge: string; key: string; random: () => number }) {
  const offers: Offer[] = [];
  const call = async (path: string, init: RequestInit) => {
    const headers = { authorization: `Bearer ${key}`, ...init.headers };
    const answer = await fetch(edge + path, { ...init, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: answer.status, text: await answer.text() };
  };
  const ask = () => {
    const product = Product.options[Math.floor(random() * Product.options.length)] ?? 'osago';
    const chance = random() < COMMON ? () => 0.5 : random;
    return `/v1/quotes/${product}?${anyQuery(product, { random: chance, today: moscowDate(new Date()) })}`;
  };
  return {
    hasOffers: () => offers.length > 0,
    async quote() {
      const { status, text } = await call(ask(), {});
      if (status !== 200) return false;
      const quote = JSON.parse(text) as Quote;
      offers.push(...quote.offers.map(({ token }) => ({ token, startsOn: quote.risk.startsOn })));
      offers.splice(0, offers.length - KEPT);
      return true;
    },
    async buy() {
      const { token, startsOn } = offers[Math.floor(random() * offers.length)] as Offer;
      const body = JSON.stringify({ offer: token, holder: HOLDER, startsOn });
      const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      return (await call('/v1/policies', { method: 'POST', headers, body })).status === 201;
    },
  };
}
