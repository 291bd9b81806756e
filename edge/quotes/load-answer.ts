import type { EdgeContext, Origin } from '../context.ts';
import { type CoreAnswer, CoreUnavailable, callCore } from '../forward/call-core.ts';
import { CachedAnswer, cachedAnswer } from './cached-answer.ts';
import { stateOf } from './freshness.ts';
import type { Revision } from './revision.ts';

/** What was found for a key: an answer to keep, from core or from the store, or a refusal of core. */
export type Loaded =
  | { readonly from: 'core' | 'store'; readonly answer: CachedAnswer }
  | { readonly from: 'refusal'; readonly refusal: CoreAnswer };

interface Asked {
  readonly key: string;
  readonly target: string;
  readonly origin: Origin;
  readonly revision: Revision;
}

/** The store's answer while it is fresh, else core's; the store's stale one when core is away. Throws CoreUnavailable. */
export async function loadAnswer(ctx: EdgeContext, asked: Asked): Promise<Loaded> {
  const storeKey = await storeKeyOf(asked.key);
  const stored = await readStore(ctx, storeKey);
  if (stored && stateOf(asked.revision.judge(stored), ctx.now()) === 'fresh') return { from: 'store', answer: stored };
  const loaded = await askCore(ctx, asked).catch((error: unknown) => error as Error);
  if (!(loaded instanceof Error)) {
    if (loaded.from === 'core') keep(ctx, { storeKey, answer: loaded.answer, origin: asked.origin });
    return loaded;
  }
  const lives = stored && stateOf(stored, ctx.now()) !== 'expired';
  if (loaded instanceof CoreUnavailable && lives) return { from: 'store', answer: stored };
  throw loaded;
}

async function askCore(ctx: EdgeContext, { target, origin, revision }: Asked): Promise<Loaded> {
  const fetchedAt = ctx.now();
  const found = await callCore(ctx, { method: 'GET', target, origin });
  // A core that fails is as good as away: what is kept lives on.
  if (found.status >= 500) throw new CoreUnavailable(`core answered ${found.status}`);
  if (found.status !== 200) return { from: 'refusal', refusal: found };
  const answer = await cachedAnswer(found, { target, fetchedAt });
  revision.learn(answer);
  return { from: 'core', answer };
}

async function readStore(ctx: EdgeContext, storeKey: string): Promise<CachedAnswer | undefined> {
  const stored = CachedAnswer.safeParse(await ctx.store.get(storeKey));
  return stored.success ? stored.data : undefined;
}

function keep(ctx: EdgeContext, kept: { storeKey: string; answer: CachedAnswer; origin: Origin }): void {
  const ttlMs = kept.answer.usableUntil - ctx.now();
  if (ttlMs > 0) kept.origin.background(ctx.store.set(kept.storeKey, { value: kept.answer, ttlMs }));
}

/** A digest: a key of the store has a bounded length, and says nothing of what was asked. */
async function storeKeyOf(key: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return `answer:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
