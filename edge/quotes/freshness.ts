/** How long a quote is served without asking again, ms. */
const FRESH_MS = 30_000;
/** An answer without offers may only be early, before the tariffs came: it is asked for again soon, ms. */
const NO_OFFERS_FRESH_MS = 1_000;
/** A buyer needs this long between seeing an offer and buying it, ms. */
const OFFER_MARGIN_MS = 60_000;
/** How long an answer without offers may be served, ms. */
const NO_OFFERS_MS = 5 * 60_000;

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
 * | state   | while                                    | a request gets            | and then                        |
 * | ------- | ---------------------------------------- | ------------------------- | ------------------------------- |
 * | fresh   | 30 s from asking, and usable             | the answer                | after 30 s: stale               |
 * | stale   | later, while its offers live 60 s longer | the answer, at once       | core is asked in the background |
 * | expired | an offer has less than 60 s to live      | a new answer, or a 503    | replaced, never served          |
 *
 * An answer without offers is fresh for 1 s and usable for 5 min. fresh -> stale -> expired by time alone; a new answer of core begins at
 * fresh; core's refusal ends any state. With core away stale stays stale until it is expired.
 */
export function stateOf(lifetime: Lifetime, now: number): State {
  if (now >= lifetime.usableUntil) return 'expired';
  return now < lifetime.freshUntil ? 'fresh' : 'stale';
}

/** The moments of an answer, by the offers in it if it is a quote. One that is not understood is never usable. */
export function lifetimeOf(body: string, { fetchedAt, isJson }: { fetchedAt: number; isJson: boolean }): Lifetime {
  const offers = isJson ? offersOf(body) : [];
  if (offers === undefined) return { fetchedAt, freshUntil: 0, usableUntil: 0 };
  if (offers.length === 0) {
    return { fetchedAt, freshUntil: fetchedAt + NO_OFFERS_FRESH_MS, usableUntil: fetchedAt + NO_OFFERS_MS };
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
