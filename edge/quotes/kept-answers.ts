import type { EdgeContext } from '../context.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { type State, stateOf, worse } from './freshness.ts';
import type { Loaded } from './load-answer.ts';
import { createMemory, type Memory } from './memory.ts';
import type { Revision } from './revision.ts';
import { beliefIn, type Spelling, type Spellings } from './spellings.ts';

/** An answer of this isolate's own, and its state for who asks in a certain spelling. */
export interface Kept {
  readonly answer: CachedAnswer;
  readonly state: State;
}

export interface KeptAnswers {
  find(spelling: Spelling): Kept | undefined;
  /** Takes in what was found for a spelling. The key that it is an answer to; none of a refusal. */
  take(spelling: Spelling, loaded: Loaded): string | undefined;
  size(): Pick<Memory, 'bytes' | 'entries'>;
}

/** A worker has 128 MB for everything. */
const MEMORY_BYTES = 16 * 1024 * 1024;

export function createKeptAnswers(
  ctx: Pick<EdgeContext, 'now'>,
  { spellings, revision }: { spellings: Spellings; revision: Revision },
): KeptAnswers {
  const memory = createMemory({ maxBytes: MEMORY_BYTES });
  const stateNow = (answer: CachedAnswer) => stateOf(revision.judge(answer), ctx.now());
  const keep = (key: string, answer: CachedAnswer) => {
    const kept = memory.get(key);
    // In another spelling it was asked for sooner, or of a replica that lags.
    const isSlow = kept && answer.fetchedAt < kept.fetchedAt && kept.fetchedAt <= ctx.now();
    const isWorse = kept && stateNow(kept) === 'fresh' && stateNow(answer) !== 'fresh';
    if (!isSlow && !isWorse && stateNow(answer) !== 'expired') memory.set(key, answer);
  };
  return {
    size: () => memory,
    find(spelling) {
      const kept = memory.get(spelling.key);
      if (!kept) return undefined;
      const answer = revision.judge(kept);
      const now = ctx.now();
      return { answer, state: worse(stateOf(answer, now), beliefIn(spelling, now)) };
    },
    take(spelling, loaded) {
      if (loaded.from === 'refusal') {
        memory.delete(spelling.key);
        spellings.tell(spelling, undefined);
        return undefined;
      }
      const { answer, meaning } = loaded;
      spellings.tell(spelling, meaning && { ...meaning, fetchedAt: answer.fetchedAt });
      keep(spelling.key, answer);
      return spelling.key;
    },
  };
}
