import type { EdgeContext, Origin } from '../context.ts';
import type { CoreAnswer } from '../forward/call-core.ts';
import { singleFlight } from '../single-flight.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { type State, stateOf } from './freshness.ts';
import { type Loaded, loadAnswer } from './load-answer.ts';
import { createMemory } from './memory.ts';
import { createRevision, type Revision } from './revision.ts';

/** How a request was answered. */
export type Reading =
  | { readonly kind: 'answer'; readonly answer: CachedAnswer; readonly how: How }
  | { readonly kind: 'refusal'; readonly refusal: CoreAnswer; readonly how: How };

/** For Cache-Status: from here, or forwarded and why; `joined` another request's call. */
export interface How {
  readonly hit: boolean;
  readonly forwarded?: 'uri-miss' | 'stale';
  readonly joined?: boolean;
  readonly fromStore?: boolean;
}

/** Milliseconds. A worker has 128 MB for everything. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/**
 * After a renewal in the background was begun its key is left alone this long, ms: also when it fails, and when replicas of
 * core differ, so that no answer of theirs is the last.
 */
const RENEW_AGAIN_MS = 1_000;
const MOSCOW_OFFSET_MS = 3 * 3_600_000;

/** Answers of core to reads that do not depend on who asks. */
export function createCache(ctx: EdgeContext) {
  const memory = createMemory({ maxBytes: MEMORY_BYTES });
  const flights = singleFlight<Loaded>();
  const revision = createRevision(ctx);
  const restingUntil = new Map<string, number>();

  const load = (key: string, { target, origin }: { target: string; origin: Origin }) =>
    flights.run(key, {
      origin,
      start: async () => {
        const loaded = await loadAnswer(ctx, { key, target, origin, revision });
        if (loaded.from === 'refusal') memory.delete(key);
        else if (stateOf(loaded.answer, ctx.now()) !== 'expired') memory.set(key, loaded.answer);
        return loaded;
      },
    });

  const renew = (key: string, asked: { target: string; origin: Origin }) => {
    const now = ctx.now();
    if (flights.isUnderWay(key) || now < (restingUntil.get(key) ?? 0)) return;
    // The first began to rest the longest ago: no more remain than were renewed within a second.
    for (const [rested, until] of restingUntil) {
      if (now < until) break;
      restingUntil.delete(rested);
    }
    restingUntil.set(key, now + RENEW_AGAIN_MS);
    asked.origin.background(load(key, asked));
  };

  return {
    /** `target` is path and canonical query. Throws CoreUnavailable when nothing usable is left. */
    async read(target: string, origin: Origin): Promise<Reading> {
      const key = keyOf(ctx, target);
      const kept = memory.get(key);
      const known = kept && revision.judge(kept);
      const state: State = known ? stateOf(known, ctx.now()) : 'expired';
      if (known && state !== 'expired') {
        // A renewal tells the revision too.
        if (state === 'stale') renew(key, { target, origin });
        else revision.look(known, origin);
        ctx.observe({ kind: 'cache', result: state === 'fresh' ? 'hit' : 'stale' });
        return { kind: 'answer', answer: known, how: { hit: true } };
      }
      const { result, joined } = await load(key, { target, origin });
      if (result.from === 'store') revision.look(result.answer, origin);
      return told(ctx, { loaded: result, joined, forwarded: known ? 'stale' : 'uri-miss', revision });
    },
    memory,
  };
}
export type Cache = ReturnType<typeof createCache>;

/**
 * Region, day and target; never the caller. The day is Moscow's: the default start of a policy and the edition of an
 * official table turn at its midnight.
 */
function keyOf(ctx: EdgeContext, target: string): string {
  const day = new Date(ctx.now() + MOSCOW_OFFSET_MS).toISOString().slice(0, 10);
  return `${ctx.config.REGION} ${day} ${target}`;
}

interface Told {
  readonly loaded: Loaded;
  readonly joined: boolean;
  readonly forwarded: 'uri-miss' | 'stale';
  readonly revision: Revision;
}

function told(ctx: EdgeContext, { loaded, joined, forwarded, revision }: Told): Reading {
  if (loaded.from === 'refusal') {
    ctx.observe({ kind: 'cache', result: 'refused' });
    return { kind: 'refusal', refusal: loaded.refusal, how: { hit: false, forwarded, joined } };
  }
  const fromStore = loaded.from === 'store';
  ctx.observe({ kind: 'cache', result: fromStore ? 'hit' : 'miss' });
  const how = fromStore ? { hit: true, fromStore } : { hit: false, forwarded, joined };
  return { kind: 'answer', answer: revision.judge(loaded.answer), how };
}
