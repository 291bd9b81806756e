import { digestOf, keyMatches } from './key-matches.ts';

/** Partners may have two each; of more the one that was good first is worked out again. */
const MOST_REMEMBERED = 2_000;

export interface GoodKeys {
  /** Whether one of the digests is the key's. */
  check(key: string, keyDigests: readonly string[]): Promise<boolean>;
  /** The same of a key that was good before; false when it has to be worked out. */
  isKnown(key: string, keyDigests: readonly string[]): boolean;
}

/**
 * Remembers the digests of keys that were good, so that a partner's requests are not hashed one by one: it takes longer than
 * all else about a cached answer. A key that was never good is always worked out and compared whole, so guessing tells
 * nothing; one that was is still good only while its digest is among the partner's.
 */
export function createGoodKeys(): GoodKeys {
  const digests = new Map<string, string>();
  return {
    async check(key, keyDigests) {
      const known = digests.get(key);
      if (known !== undefined) return keyDigests.includes(known);
      if (!(await keyMatches(key, keyDigests))) return false;
      digests.set(key, await digestOf(key));
      const first = digests.size > MOST_REMEMBERED ? digests.keys().next().value : undefined;
      if (first !== undefined) digests.delete(first);
      return true;
    },
    isKnown(key, keyDigests) {
      const known = digests.get(key);
      return known !== undefined && keyDigests.includes(known);
    },
  };
}
