import type { Store } from '../store/store.ts';

/** What a read of the store meets. */
export const STORE_FAULTS = ['none', 'away', 'rubbish', 'swapped', 'dearer', 'old-shape'] as const;
export type StoreFault = (typeof STORE_FAULTS)[number];

interface Entry {
  readonly value: unknown;
  readonly endsAt: number;
}

/** For tests: a store in memory, shared by edges, that can lie in every way that a store can. */
export function createFaultyStore(clock: { readonly now: () => number }) {
  const entries = new Map<string, Entry>();
  const counts = new Map<string, number>();
  const answers = () => [...entries].filter(([name]) => name.startsWith('answer:'));
  const live = (name: string) => {
    const entry = entries.get(name);
    return entry && clock.now() < entry.endsAt ? entry.value : undefined;
  };
  /** Each a value that was never stored under this name. */
  const lies: { readonly [Fault in Exclude<StoreFault, 'none' | 'away'>]: (name: string) => unknown } = {
    rubbish: () => [42, 'rubbish', null, [], { body: 7 }, 'A'.repeat(60)][entries.size % 6],
    swapped: (name) => answers().find(([other]) => other !== name)?.[1].value,
    dearer: (name) => String(live(name) ?? '').replaceAll(/amountMinor\\?":/g, (text) => `${text}9`) || undefined,
    'old-shape': () => ({
      body: JSON.stringify({ product: 'osago', offers: [], risk: {} }),
      contentType: 'application/json',
      etag: '"of-an-earlier-release"',
      fetchedAt: clock.now(),
      freshUntil: clock.now() + 30_000,
      usableUntil: clock.now() + 840_000,
    }),
  };
  /** As one edge meets it. */
  const open = (met: { store: StoreFault }): Store => ({
    isAway: () => met.store === 'away',
    async get(name) {
      if (met.store === 'away') return undefined;
      return met.store === 'none' || !name.startsWith('answer:') ? live(name) : lies[met.store](name);
    },
    async set(name, { value, ttlMs }) {
      if (met.store !== 'away') entries.set(name, { value, endsAt: clock.now() + ttlMs });
    },
    async add(name, { amount }) {
      if (met.store === 'away') return undefined;
      counts.set(name, (counts.get(name) ?? 0) + amount);
      return counts.get(name);
    },
  });
  return { open };
}
