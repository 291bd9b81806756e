import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { createContext } from '../create-context.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { lifetimeOf } from './freshness.ts';
import { createKeptAnswers } from './kept-answers.ts';
import { createRevision } from './revision.ts';
import { createSpellings } from './spellings.ts';

type State = 'none' | 'fresh' | 'stale' | 'expired';
type Deed =
  | { readonly do: 'answer'; readonly revision: string; readonly livesMs: number }
  | { readonly do: 'refusal' }
  | { readonly do: 'news'; readonly revision: string }
  | { readonly do: 'time'; readonly ms: number | 'to-stale' | 'to-expired' }
  | { readonly do: 'set-back'; readonly ms: number };

/** The table of freshness.ts: what may become of each state. Where it says two, the conditions beside it say which. */
const LEGAL: Readonly<Record<string, Readonly<Record<State, readonly State[]>>>> = {
  'answer of the newest': { none: ['fresh'], fresh: ['fresh'], stale: ['fresh'], expired: ['fresh'] },
  'answer that lags': { none: ['stale'], fresh: ['fresh'], stale: ['stale'], expired: ['stale'] },
  'answer that ends': { none: ['none'], fresh: ['fresh'], stale: ['stale'], expired: ['expired'] },
  refusal: { none: ['none'], fresh: ['none'], stale: ['none'], expired: ['none'] },
  'another revision': { none: ['none'], fresh: ['stale'], stale: ['stale'], expired: ['expired'] },
  'its own revision': { none: [], fresh: ['fresh'], stale: ['fresh', 'stale'], expired: ['expired'] },
  time: { none: ['none'], fresh: ['fresh', 'stale', 'expired'], stale: ['stale', 'expired'], expired: ['expired'] },
};

const REVISIONS = ['a', 'b', 'c'];
const LAG_MS = 2_000;
const MARGIN_MS = 60_000;

/** A cache of one answer, and a plain account of what it was told. */
function startCache() {
  let now = Date.parse('2026-11-22T10:00:00.000Z');
  const nothing = () => undefined;
  const ctx = createContext({
    config: parseConfig({ REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY }),
    now: () => now,
    log: { info: nothing, warn: nothing, error: nothing },
    observe: nothing,
    clientAddress: () => '',
  });
  const revision = createRevision(ctx);
  const spellings = createSpellings(ctx);
  const kept = createKeptAnswers(ctx, { spellings, revision });
  const spelling = spellings.of('/v1/quotes/osago');
  const account = {
    /** The answer that is kept. */
    answer: undefined as { askedAt: number; endsAt: number; revision: string } | undefined,
    newest: undefined as string | undefined,
    toldAt: 0,
    replaced: new Set<string>(),
  };

  /** Whether this telling makes the revision the newest. */
  const hear = (told: string) => {
    const isBack = account.replaced.has(told) && told !== account.newest;
    if (isBack && now < account.toldAt + LAG_MS) return;
    if (account.newest !== undefined && account.newest !== told) account.replaced.add(account.newest);
    account.replaced.delete(told);
    account.newest = told;
    account.toldAt = now;
  };

  return {
    account,
    now: () => now,
    move: (ms: number) => (now += ms),
    state: (): State => kept.find(spelling)?.state ?? 'none',
    answer(of: string, livesMs: number) {
      const endsAt = now + livesMs;
      const offers = [{ expiresAt: new Date(endsAt).toISOString() }];
      const lifetime = lifetimeOf({ offers }, { target: spelling.target, fetchedAt: now });
      const answer: CachedAnswer = {
        body: new TextEncoder().encode(of),
        contentType: 'application/json',
        etag: '""',
        revision: of,
        ...lifetime,
      };
      revision.learn(answer);
      hear(of);
      kept.take(spelling, { from: 'core', answer, meaning: undefined });
      return { askedAt: now, endsAt, revision: of };
    },
    refuse() {
      const refusal = { status: 400, headers: new Headers(), body: '' };
      kept.take(spelling, { from: 'refusal', refusal });
      account.answer = undefined;
    },
    tell(told: string) {
      revision.learn({ revision: told, fetchedAt: now });
      hear(told);
    },
  };
}
type TestCache = ReturnType<typeof startCache>;

/** Does it, and says which row of the table it was. */
function run(cache: TestCache, deed: Exclude<Deed, { do: 'set-back' }>): string {
  const { account } = cache;
  const [before, newest] = [cache.state(), account.newest];
  const told = () => (account.newest === account.answer?.revision ? 'its own revision' : 'another revision');
  if (deed.do === 'answer') {
    const answer = cache.answer(deed.revision, deed.livesMs);
    // It is not kept, and is news all the same.
    if (answer.endsAt - cache.now() <= MARGIN_MS) return account.newest === newest ? 'answer that ends' : told();
    const isNewest = deed.revision === account.newest;
    if (isNewest || before !== 'fresh') account.answer = answer;
    return isNewest ? 'answer of the newest' : 'answer that lags';
  }
  if (deed.do === 'refusal') cache.refuse();
  else if (deed.do === 'news') {
    cache.tell(deed.revision);
    return told();
  } else if (deed.ms === 'to-stale' || deed.ms === 'to-expired') {
    const { askedAt, endsAt } = account.answer ?? { askedAt: 0, endsAt: 0 };
    const boundary = deed.ms === 'to-stale' ? askedAt + 30_000 : endsAt - MARGIN_MS;
    cache.move(Math.max(0, boundary - 1 - cache.now()));
  } else cache.move(deed.ms);
  return deed.do;
}

/** LAW: the first table of freshness.ts. */
function holdsConditions({ account, now, state }: TestCache): void {
  const { answer, newest } = account;
  const is = state();
  if (!answer) {
    expect(is).toBe('none');
    return;
  }
  const ageMs = now() - answer.askedAt;
  expect(is === 'expired', `expired ${answer.endsAt - now()} ms before the end`).toBe(
    answer.endsAt - now() <= MARGIN_MS,
  );
  if (is === 'fresh') expect([0 <= ageMs && ageMs < 30_000, answer.revision]).toEqual([true, newest]);
}

const anyRevision = fc.constantFrom(...REVISIONS);
const anyMs = fc.constantFrom(1, 1, 1, 999, 2_000, 10_000, 29_999, 840_000);
const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      revision: anyRevision,
      livesMs: fc.constantFrom(900_000, 900_000, 80_000, 60_000, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refusal' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('news' as const), revision: anyRevision }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      ms: fc.oneof(anyMs, fc.constantFrom('to-stale' as const, 'to-expired' as const)),
    }),
  },
);

describe('the states of an answer', () => {
  it('take every transition of the table, and no other, whatever happens', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyDeed, { maxLength: 40, size: 'max' }), (deeds) => {
        const cache = startCache();
        for (const deed of deeds) {
          if (deed.do === 'set-back') continue;
          const from = cache.state();
          const row = run(cache, deed);
          const to = cache.state();
          expect(LEGAL[row]?.[from], `${row}: ${from} became ${to}`).toContain(to);
          holdsConditions(cache);
          seen.add(`${row}: ${from} -> ${to}`);
        }
      }),
      { numRuns: 1_000 },
    );
    const legal = Object.entries(LEGAL).flatMap(([row, states]) =>
      Object.entries(states).flatMap(([from, tos]) => tos.map((to) => `${row}: ${from} -> ${to}`)),
    );
    expect([...seen].sort()).toEqual(legal.sort());
  });

  it('after a clock was set back are what the conditions say of the new time', () => {
    const setBack = fc.record({ do: fc.constant('set-back' as const), ms: fc.integer({ min: 1, max: 1_000_000 }) });
    fc.assert(
      fc.property(fc.array(anyDeed, { maxLength: 10 }), setBack, (deeds, { ms }) => {
        const cache = startCache();
        for (const deed of deeds) if (deed.do !== 'set-back') run(cache, deed);
        cache.move(-ms);
        holdsConditions(cache);
      }),
      { numRuns: 1_000 },
    );
  });
});
