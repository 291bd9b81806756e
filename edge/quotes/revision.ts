import * as z from 'zod/mini';
import { CATALOGUE_REVISION } from '#contracts/catalogue-revision.ts';
import type { EdgeContext, Origin } from '../context.ts';
import { callCore } from '../forward/call-core.ts';
import type { CachedAnswer } from './cached-answer.ts';

/** Core is asked again when nothing of it has told a revision for this long, ms. */
const LOOK_AGAIN_MS = 1_000;
/** A look is given up before the next may begin, ms: there is never more than one. */
const LOOK_TIMEOUT_MS = 800;
/** A replica of core reads its tables every second: one that lags tells a replaced revision for no longer than this, ms. */
const LAG_MS = 2_000;
/** So many tariffs may change while a replica lags. */
const MOST_REPLACED = 16;

/** What the edge reads of CatalogueState. */
const Told = z.object({ revision: z.string().check(z.regex(CATALOGUE_REVISION)) });

/** Which revision of core's catalogue is the newest, as far as this isolate was told. */
export interface Revision {
  /** Takes in what an answer of core told. Not for the store's: they were told by another clock. */
  learn(told: Pick<CachedAnswer, 'revision' | 'fetchedAt'>): void;
  /** Asks core behind an answer out of the cache, when the last telling is 1 s ago. A failed look changes nothing. */
  look(served: CachedAnswer, origin: Origin): void;
  /** Whether `look` would ask. */
  isLookDue(served: CachedAnswer): boolean;
  /** The very answer while its revision is the newest or unknown; else it has been fresh only until that was replaced. */
  judge(answer: CachedAnswer): CachedAnswer;
}

/**
 * Revisions have no order: the newest is the one that was first told last. While replicas of core differ, one that was
 * replaced is told again; it is not taken back before nobody has told the newest for 2 s. So answers of the newest stay
 * fresh while others are renewed, instead of the two chasing each other.
 */
export function createRevision(ctx: EdgeContext): Revision {
  let newest: string | undefined;
  let toldAt = 0;
  let lookAgainAt = 0;
  /** Until when each was the newest, the longest ago first. */
  const replaced = new Map<string, number>();

  const take = (revision: string) => {
    if (newest !== undefined) replaced.set(newest, ctx.now());
    replaced.delete(revision);
    const oldest = replaced.size > MOST_REPLACED ? replaced.keys().next().value : undefined;
    if (oldest !== undefined) replaced.delete(oldest);
    newest = revision;
  };

  /** A clock that was set back would have the news wait until it is where it was. */
  const heedClock = () => {
    const now = ctx.now();
    if (toldAt > now) toldAt = 0;
    if (lookAgainAt > now + LOOK_AGAIN_MS) lookAgainAt = 0;
  };

  const learn: Revision['learn'] = ({ revision, fetchedAt }) => {
    if (revision === undefined) return;
    heedClock();
    lookAgainAt = Math.max(lookAgainAt, fetchedAt + LOOK_AGAIN_MS);
    if (revision !== newest) {
      // Asked before the newest was: a slow answer, not news.
      if (fetchedAt < toldAt + (replaced.has(revision) ? LAG_MS : 0)) return;
      take(revision);
    }
    toldAt = Math.max(toldAt, fetchedAt);
  };

  /** A core that tells none with its answers is of an earlier release, and has nothing to look at. */
  const isLookDue: Revision['isLookDue'] = (served) => {
    heedClock();
    return ctx.now() >= lookAgainAt && served.revision !== undefined;
  };

  return {
    learn,
    isLookDue,
    look(served, origin) {
      if (!isLookDue(served)) return;
      const now = ctx.now();
      lookAgainAt = now + LOOK_AGAIN_MS;
      origin.background(askRevision(ctx, origin).then((revision) => learn({ revision, fetchedAt: now })));
    },
    judge(answer) {
      const { revision } = answer;
      if (revision === newest || revision === undefined || newest === undefined) return answer;
      // One not known at all is of long ago, or of a replica that is ahead: fresh for nobody.
      const until = replaced.get(revision) ?? answer.fetchedAt;
      // Nor for who sets the clock back to before it was replaced.
      return { ...answer, freshUntil: Math.min(answer.freshUntil, until, ctx.now()) };
    },
  };
}

/** Undefined when core does not say. Throws CoreUnavailable, and SyntaxError for what is no JSON. */
async function askRevision(ctx: EdgeContext, origin: Origin): Promise<string | undefined> {
  const target = '/internal/catalogue';
  const call = { method: 'GET', target, lane: 'renewal', origin, timeoutMs: LOOK_TIMEOUT_MS } as const;
  const { status, body } = await callCore(ctx, call);
  return status === 200 ? Told.safeParse(JSON.parse(body)).data?.revision : undefined;
}
