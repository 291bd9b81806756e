/** How long a quote is served without asking again, ms. */
const FRESH_MS = 30_000;
/** An answer without offers may only be early, before the tariffs came: it is asked for again soon, ms. */
const NO_OFFERS_FRESH_MS = 1_000;
/** A buyer needs this long between seeing an offer and buying it, ms. */
const OFFER_MARGIN_MS = 60_000;
/** How long an answer without offers may be served, ms. */
const NO_OFFERS_MS = 5 * 60_000;
/**
 * Places change with a release of core, and not by themselves: a new edition of the table begins with a day, which is in
 * the key. So what is suggested to a typing buyer may be this old, ms: no longer than a rollout takes, in which replicas
 * differ anyway.
 */
const PLACES_FRESH_MS = 5 * 60_000;
/** With core away places are of use while there are quotes to ask for: as long as an offer lives, ms. */
const PLACES_MS = 15 * 60_000;
const PLACES = /^\/v1\/localities(\?|$)/;

/** The moments that an answer's state follows from, ms since 1970. */
export interface Lifetime {
  /** When core was asked, not when it had answered. */
  readonly fetchedAt: number;
  readonly freshUntil: number;
  /** From here on it is never served: 60 s before the first of its offers ends. */
  readonly usableUntil: number;
}

export type State = 'fresh' | 'stale' | 'expired';

/**
 * | state   | while                                           | a request gets         | and then                        |
 * | ------- | ----------------------------------------------- | ---------------------- | ------------------------------- |
 * | fresh   | 30 s from asking, and of the newest revision    | the answer             | stale, by either                |
 * | stale   | later, while its offers live 60 s longer        | the answer, at once    | core is asked in the background |
 * | expired | an offer has less than 60 s to live             | a new answer, or a 503 | replaced, never served          |
 *
 * An answer without offers is fresh for 1 s and usable for 5 min, places for 5 and 15 min. fresh -> stale by time, or when
 * core tells a newer revision of its catalogue than the answer's (`judge` in revision.ts moves `freshUntil` to that moment);
 * stale -> expired by time alone. A new answer of core begins at fresh, or at stale when it is of a replica that lags;
 * core's refusal ends any state. With core away stale stays stale until it is expired.
 */
export function stateOf(lifetime: Lifetime, now: number): State {
  if (now >= lifetime.usableUntil) return 'expired';
  return now < lifetime.freshUntil ? 'fresh' : 'stale';
}

/** The moments of an answer, by the offers in it if it is a quote. One that is not understood is never usable. */
export function lifetimeOf(
  body: string,
  { target, fetchedAt, isJson }: { target: string; fetchedAt: number; isJson: boolean },
): Lifetime {
  const offers = isJson ? offersOf(body) : [];
  if (offers === undefined) return { fetchedAt, freshUntil: 0, usableUntil: 0 };
  if (offers.length === 0) {
    const isPlaces = isJson && PLACES.test(target);
    const [freshMs, usableMs] = isPlaces ? [PLACES_FRESH_MS, PLACES_MS] : [NO_OFFERS_FRESH_MS, NO_OFFERS_MS];
    return { fetchedAt, freshUntil: fetchedAt + freshMs, usableUntil: fetchedAt + usableMs };
  }
  const ends = offers.map((offer) => Date.parse(String((offer as { expiresAt?: unknown } | null)?.expiresAt)));
  const earliest = Math.min(...ends);
  const usableUntil = Number.isNaN(earliest) ? 0 : earliest - OFFER_MARGIN_MS;
  return { fetchedAt, freshUntil: Math.min(fetchedAt + FRESH_MS, usableUntil), usableUntil };
}

function offersOf(body: string): readonly unknown[] | undefined {
  try {
    const parsed = JSON.parse(body) as { offers?: unknown } | null;
    const offers = parsed?.offers ?? [];
    return Array.isArray(offers) ? offers : undefined;
  } catch {
    return undefined;
  }
}
