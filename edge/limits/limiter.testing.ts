import { type Caller, createLimiter } from './limiter.ts';
import type { Rate } from './quota.ts';

export const origin = { background: () => undefined };

/** A partner that is counted with others up to `limit`, of which `percent` are this region's own. */
export const pooled = (limit: number, percent = 100): Caller => ({
  policy: 'partner',
  id: 'alfa',
  pool: { limit, percent: 100 },
  share: { limit, percent },
});

/** A partner of which a region counts its share. */
export function shared(limit: number, percent: number): Caller {
  const share: Rate = { limit, percent };
  return { policy: 'partner', id: 'alfa', pool: share, share };
}

/** Lets everything run that waits for nothing but a turn. */
export const turn = () => new Promise(setImmediate);

/** Counters whose answers wait until the test lets them go. */
export function createHeldStore() {
  const totals = new Map<string, number>();
  const calls: { key: string; amount: number; answer: (how?: 'away') => void }[] = [];
  const open = () => {
    let isAway = false;
    return {
      isAway: () => isAway,
      get: async () => undefined,
      set: async () => undefined,
      add: (key: string, { amount }: { amount: number }) =>
        new Promise<number | undefined>((resolve) => {
          const total = (totals.get(key) ?? 0) + amount;
          totals.set(key, total);
          calls.push({
            key,
            amount,
            answer: (how) => {
              isAway = how === 'away';
              resolve(isAway ? undefined : total);
            },
          });
        }),
    };
  };
  return { calls, open };
}

/** Isolates under one clock, which begins with a second, over one store. */
export function createIsolates(count: number) {
  let now = 1_000_000;
  const store = createHeldStore();
  const limiters = Array.from({ length: count }, () => createLimiter({ now: () => now, store: store.open() }));
  return { store, limiters, now: () => now, advance: (ms: number) => (now += ms) };
}
