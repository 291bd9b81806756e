/** How long a quote is served without asking again, ms. */
const FRESH_MS = 30_000;
/** An answer without offers may only be early, before the tariffs came: it is asked for again soon, ms. */
const NO_OFFERS_FRESH_MS = 1_000;
/** A buyer needs this long between seeing an offer and buying it, ms. */
const OFFER_MARGIN_MS = 60_000;
/** How long an answer without offers may be served, ms. */
const NO_OFFERS_MS = 5 * 60_000;
/**
 * Places, and what core reads in a spelling, change with a release of core, and not by themselves: a new edition of a table
 * begins with a day, which is in the key. So they may be this old, ms: no longer than a rollout takes, in which replicas
 * differ anyway.
 */
const RELEASE_FRESH_MS = 5 * 60_000;
/** With core away they are of use while there are quotes to ask for: as long as an offer lives, ms. */
const RELEASE_MS = 15 * 60_000;
const PLACES = /^\/v1\/localities(\?|$)/;

/** The moments that a state follows from, ms since 1970. */
export interface Lifetime {
  /** When core was asked, not when it had answered. */
  readonly fetchedAt: number;
  readonly freshUntil: number;
  /** From here on it is never served: 60 s before the first of its offers ends. */
  readonly usableUntil: number;
}

export type State = 'fresh' | 'stale' | 'expired';

/**
 * | state   | while                                       | a request gets         | and behind it            |
 * | ------- | ------------------------------------------- | ---------------------- | ------------------------ |
 * | none    | nothing is kept                             | a new answer, or a 503 | -                        |
 * | fresh   | 30 s from asking, of the newest revision    | the answer             | core's revision is asked |
 * | stale   | later, while its offers live 60 s longer    | the answer, at once    | core is asked            |
 * | expired | an offer has 60 s or less to live           | a new answer, or a 503 | -                        |
 *
 * | what happens                                    | none  | fresh                 | stale           | expired |
 * | ----------------------------------------------- | ----- | --------------------- | --------------- | ------- |
 * | core answers, by the newest revision            | fresh | fresh                 | fresh           | fresh   |
 * | core answers, by a replica that lags            | stale | fresh                 | stale           | stale   |
 * | core answers, and an offer has 60 s to live     | none  | fresh                 | stale           | expired |
 * | core refuses                                    | none  | none                  | none            | none    |
 * | core tells another revision than the answer's   | none  | stale                 | stale           | expired |
 * | core tells the answer's revision (again)        | -     | fresh                 | fresh or stale  | expired |
 * | time passes                                     | none  | fresh, stale, expired | stale, expired  | expired |
 * | core is away, or fails                          | none  | fresh                 | stale           | expired |
 *
 * Fresh becomes expired at once only when its offers end within 90 s. A clock that is set back undoes what time did, but
 * what was asked for later than it now is is stale. An answer without offers is fresh for 1 s and usable for 5 min, places
 * and meanings of spellings for 5 and 15 min. However long nobody asked, the first answer is as old as its offers allow at
 * most, 14 min, and the next is of now. A revision moves `freshUntil`: `judge` in revision.ts.
 */
export function stateOf(lifetime: Lifetime, now: number): State {
  if (now >= lifetime.usableUntil) return 'expired';
  return lifetime.fetchedAt <= now && now < lifetime.freshUntil ? 'fresh' : 'stale';
}

const AGES: readonly State[] = ['fresh', 'stale', 'expired'];
export const worse = (one: State, other: State): State => (AGES.indexOf(one) > AGES.indexOf(other) ? one : other);

/** Whether an offer has ended by now: nobody is given such an answer, not even the one that waited for it. */
export const isTooLate = ({ usableUntil }: Lifetime, now: number): boolean =>
  usableUntil > 0 && now >= usableUntil + OFFER_MARGIN_MS;

/** How long core is believed on what a spelling means. */
export const meaningLifetime = (fetchedAt: number): Lifetime => lifetime(fetchedAt, [RELEASE_FRESH_MS, RELEASE_MS]);

/** The moments of an answer as JSON, by the offers in it if it is a quote; `undefined` is one that is no JSON. */
export function lifetimeOf(answer: unknown, { target, fetchedAt }: { target: string; fetchedAt: number }): Lifetime {
  const offers = (answer as { offers?: unknown } | null | undefined)?.offers ?? [];
  if (!Array.isArray(offers)) return { fetchedAt, ...NEVER };
  if (offers.length === 0) {
    const isPlaces = answer !== undefined && PLACES.test(target);
    return lifetime(fetchedAt, isPlaces ? [RELEASE_FRESH_MS, RELEASE_MS] : [NO_OFFERS_FRESH_MS, NO_OFFERS_MS]);
  }
  const ends = offers.map((offer) => Date.parse(String((offer as { expiresAt?: unknown } | null)?.expiresAt)));
  const earliest = Math.min(...ends);
  if (Number.isNaN(earliest)) return { fetchedAt, ...NEVER };
  const usableUntil = earliest - OFFER_MARGIN_MS;
  return { fetchedAt, freshUntil: Math.min(fetchedAt + FRESH_MS, usableUntil), usableUntil };
}

/** Of what is not understood, or not what was asked for: passed on and not kept. */
export const NEVER = { freshUntil: 0, usableUntil: 0 };

const lifetime = (fetchedAt: number, [freshMs, usableMs]: readonly [number, number]): Lifetime => ({
  fetchedAt,
  freshUntil: fetchedAt + freshMs,
  usableUntil: fetchedAt + usableMs,
});
