import type { EdgeContext, Origin } from '../context.ts';
import { type CoreAnswer, CoreUnavailable, callCore } from '../forward/call-core.ts';
import type { Lane } from '../forward/queue.ts';
import { type CachedAnswer, cachedAnswer, originalOf } from './cached-answer.ts';
import { stateOf } from './freshness.ts';
import type { Revision } from './revision.ts';
import type { Turn } from './room.ts';
import type { SharedAnswers } from './shared-answers.ts';
import { type Meaning, ownKey, type Spelling } from './spellings.ts';

/** What was found for a spelling: an answer to keep, from core or from the store, or a refusal of core. */
export type Loaded =
  | { readonly from: 'core' | 'store'; readonly answer: CachedAnswer; readonly meaning: Meaning | undefined }
  | { readonly from: 'refusal'; readonly refusal: CoreAnswer };

interface Asked {
  readonly spelling: Spelling;
  readonly origin: Origin;
  /** Whether somebody waits for it. */
  readonly lane: Lane;
  readonly revision: Revision;
  readonly shared: SharedAnswers;
  readonly turn: Turn;
}

/** The store's answer while it is fresh, else core's; the store's stale one when core is away. Throws CoreUnavailable. */
export async function loadAnswer(ctx: EdgeContext, asked: Asked): Promise<Loaded> {
  const { spelling, revision, shared } = asked;
  const original = await shared.find(ownKey(spelling));
  const stored = original && (await cachedAnswer(ctx, { original, spelling }));
  if (stored && stateOf(revision.judge(stored.answer), ctx.now()) === 'fresh') return { from: 'store', ...stored };
  const loaded = await askCore(ctx, asked).catch((error: unknown) => error as Error);
  if (!(loaded instanceof Error)) return loaded;
  const lives = stored && stateOf(stored.answer, ctx.now()) !== 'expired';
  if (loaded instanceof CoreUnavailable && lives) return { from: 'store', ...stored };
  throw loaded;
}

async function askCore(ctx: EdgeContext, { spelling, origin, lane, revision, shared, turn }: Asked): Promise<Loaded> {
  const fetchedAt = ctx.now();
  const found = await turn.ask(() => callCore(ctx, { method: 'GET', target: spelling.target, lane, origin }));
  // A core that fails is as good as away: what is kept lives on.
  if (found.status >= 500) throw new CoreUnavailable(`core answered ${found.status}`);
  if (found.status !== 200) return { from: 'refusal', refusal: found };
  const original = originalOf(found, fetchedAt);
  const known = await cachedAnswer(ctx, { original, spelling });
  revision.learn(known.answer);
  shared.keep(ownKey(spelling), { original, ttlMs: known.answer.usableUntil - ctx.now(), origin });
  return { from: 'core', ...known };
}
