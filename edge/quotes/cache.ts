import type { EdgeContext, Origin } from '../context.ts';
import { type CoreAnswer, CoreUnavailable } from '../forward/call-core.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { createFlights } from './flights.ts';
import { isTooLate, stateOf } from './freshness.ts';
import { createKeptAnswers, type Kept } from './kept-answers.ts';
import { createRevision } from './revision.ts';
import { createRoom } from './room.ts';
import { createSpellings, type Spelling } from './spellings.ts';

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

export interface Cache {
  /** `asked` is path and query as they came. Throws CoreUnavailable when nothing usable is left. */
  read(asked: string, origin: Origin): Promise<Reading>;
  /** A fresh answer that is here, asked in words that were read before, when there is nothing to do behind it. */
  hit(asked: string): CachedAnswer | undefined;
  /** Whether core would have to be asked, and has as many calls as it can answer: nothing was done yet. */
  isShed(asked: string): boolean;
  /** One was refused for that. */
  shed(): void;
  /** Whether new quotes are refused, because more are asked for than core can answer. */
  isOverloaded(): boolean;
  /** Of what is kept here. */
  size(): { readonly bytes: number; readonly entries: number };
}

interface Asked {
  readonly spelling: Spelling;
  readonly origin: Origin;
}

/** Answers of core to reads that do not depend on who asks. */
export function createCache(ctx: EdgeContext): Cache {
  const spellings = createSpellings(ctx);
  const revision = createRevision(ctx);
  const kept = createKeptAnswers(ctx, { spellings, revision });
  const room = createRoom(ctx);
  const flights = createFlights(ctx, { kept, revision, room });

  const serve = ({ answer, state }: Kept, asked: Asked): Reading => {
    // A renewal tells the revision too.
    if (state === 'fresh') revision.look(answer, asked.origin);
    else flights.renew(asked);
    ctx.observe({ kind: 'cache', result: state === 'fresh' ? 'hit' : 'stale' });
    return { kind: 'answer', answer, how: { hit: true } };
  };

  const fetch = async (asked: Asked, known: Kept | undefined): Promise<Reading> => {
    const { loaded, joined } = await flights.load(asked);
    const how = { hit: false, forwarded: known ? 'stale' : 'uri-miss', joined } as const;
    if (loaded.from === 'refusal') {
      ctx.observe({ kind: 'cache', result: 'refused' });
      return { kind: 'refusal', refusal: loaded.refusal, how };
    }
    const fromStore = loaded.from === 'store';
    if (fromStore) revision.look(loaded.answer, asked.origin);
    ctx.observe({ kind: 'cache', result: fromStore ? 'hit' : 'miss' });
    return { kind: 'answer', answer: revision.judge(loaded.answer), how: fromStore ? { hit: true, fromStore } : how };
  };

  /** An answer that is here, and usable; then also one whose spelling says no more than a known one. */
  const look = (spelling: Spelling): Kept | undefined => {
    const found = kept.find(spelling);
    if (found && found.state !== 'expired') return found;
    return spellings.deduce(spelling) ? kept.find(spelling) : found;
  };

  const readOnce = async (text: string, origin: Origin): Promise<Reading> => {
    const asked = { spelling: spellings.of(text), origin };
    const found = look(asked.spelling);
    if (found && found.state !== 'expired') return serve(found, asked);
    try {
      return await fetch(asked, found);
    } catch (error) {
      // What a spelling meant is still known when core is asked in vain.
      const last = error instanceof CoreUnavailable ? kept.find(asked.spelling) : undefined;
      if (!last || stateOf(last.answer, ctx.now()) === 'expired') throw error;
      return serve(last, asked);
    }
  };

  return {
    size: kept.size,
    isOverloaded: room.isOverloaded,
    shed: room.refuse,
    isShed(text) {
      if (!room.isFull()) return false;
      // New words may mean what is here: to read them costs more than to refuse them.
      const spelling = spellings.recall(text);
      if (!spelling) return true;
      const found = kept.find(spelling);
      return (!found || found.state === 'expired') && !flights.isUnderWay(spelling);
    },
    hit(text) {
      const spelling = spellings.recall(text);
      const found = spelling && kept.find(spelling);
      return found?.state === 'fresh' && !revision.isLookDue(found.answer) ? found.answer : undefined;
    },
    async read(text, origin) {
      const reading = await readOnce(text, origin);
      if (!isLate(reading, ctx.now())) return reading;
      // Such as one that was rated a moment before the midnight that its cover begins at: today's is another.
      const again = await readOnce(text, origin);
      if (isLate(again, ctx.now())) throw new CoreUnavailable('its offers end before they arrive');
      return again;
    },
  };
}

const isLate = (reading: Reading, now: number): boolean => reading.kind === 'answer' && isTooLate(reading.answer, now);
