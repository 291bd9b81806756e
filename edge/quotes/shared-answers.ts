import type { EdgeContext, Origin } from '../context.ts';
import { createSeal } from '../store/seal.ts';
import { Original } from './cached-answer.ts';

/** Answers that isolates of a region share through the store, each under the spelling that core was asked in. */
export interface SharedAnswers {
  /** Undefined when there is none that an edge of this release closed under this very key. */
  find(key: string): Promise<Original | undefined>;
  /** In the background; `key` as in `find`. */
  keep(key: string, kept: { original: Original; ttlMs: number; origin: Origin }): void;
}

/** Of the form of what is kept: another form gets another number, so that releases do not read each other's. */
const VERSION = 2;

/** The name of an entry is a digest: it has a bounded length, and says nothing of what was asked. */
export function createSharedAnswers(ctx: Pick<EdgeContext, 'config' | 'store' | 'now'>): SharedAnswers {
  const seal = createSeal(ctx.config.HOP_KEY as Uint8Array<ArrayBuffer>);
  const store = async (key: string, { original, ttlMs }: { original: Original; ttlMs: number }) => {
    const name = await nameOf(key);
    await ctx.store.set(name, { value: await seal.close(name, JSON.stringify(original)), ttlMs });
  };
  return {
    async find(key) {
      const name = await nameOf(key);
      const text = await seal.open(name, await ctx.store.get(name));
      const original = text === undefined ? undefined : Original.safeParse(JSON.parse(text)).data;
      // The clock of who kept it may be ahead.
      return original && { ...original, fetchedAt: Math.min(original.fetchedAt, ctx.now()) };
    },
    keep(key, { origin, ...kept }) {
      if (kept.ttlMs > 0) origin.background(store(key, kept));
    },
  };
}

async function nameOf(key: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return `answer:${VERSION}:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
