import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseSize } from './lease-size.ts';
import { type Caller, createLimiter } from './limiter.ts';

const ALFA: Caller = { policy: 'partner', id: 'alfa', limit: 20 };
const origin = { background: () => undefined };

/** A store whose answers wait until the test lets them go. */
function heldStore() {
  const totals = new Map<string, number>();
  const calls: { key: string; amount: number; answer: (how?: 'away') => void }[] = [];
  return {
    calls,
    get: async () => undefined,
    set: async () => undefined,
    add: (key: string, { amount }: { amount: number }) =>
      new Promise<number | undefined>((resolve) => {
        const total = (totals.get(key) ?? 0) + amount;
        totals.set(key, total);
        calls.push({ key, amount, answer: (how) => resolve(how === 'away' ? undefined : total) });
      }),
  };
}

function createHeld() {
  let now = 1_000_000;
  const store = heldStore();
  const limiter = createLimiter({ now: () => now, store });
  return { store, limiter, now: () => now, advance: (ms: number) => (now += ms) };
}

/** Lets everything run that waits for nothing but a turn. */
const turn = () => new Promise(setImmediate);

describe('limiter', () => {
  it('a lease is a fiftieth of the limit, at least 1, at most 200', () => {
    expect([1, 20, 50, 149, 1_000, 100_000].map(leaseSize)).toEqual([1, 1, 1, 2, 20, 200]);
  });

  it('requests that come while a lease is under way share the next call', async () => {
    const { store, limiter } = createHeld();
    const taken = [limiter.take(ALFA, origin)];
    await turn();
    taken.push(...Array.from({ length: 249 }, () => limiter.take(ALFA, origin)));
    await turn();
    expect(store.calls.map(({ amount }) => amount)).toEqual([1]);
    store.calls[0]?.answer();
    await turn();
    expect(store.calls.map(({ amount }) => amount)).toEqual([1, 19]);
    store.calls[1]?.answer();
    const admitted = (await Promise.all(taken)).filter((allowance) => allowance.admitted);
    expect([admitted.length, store.calls.length]).toEqual([20, 2]);
  });

  it('a lease that arrives after its second gives nothing to the next one', async () => {
    const { store, limiter, advance } = createHeld();
    const late = limiter.take(ALFA, origin);
    await turn();
    advance(1_000);
    store.calls[0]?.answer();
    await turn();
    expect(store.calls.map(({ key }) => key)).toEqual(['limit:alfa:1000', 'limit:alfa:1001']);
    store.calls[1]?.answer('away');
    expect(await late).toMatchObject({ admitted: true, remaining: 19 });
  });

  it('a store without a token left is not asked again in that second', async () => {
    const { store, limiter } = createHeld();
    // Another isolate has used the second up.
    void store.add('limit:alfa:1000', { amount: 20 });
    const first = limiter.take(ALFA, origin);
    await turn();
    store.calls[1]?.answer();
    expect(await first).toMatchObject({ admitted: false, remaining: 0 });
    expect(await limiter.take(ALFA, origin)).toMatchObject({ admitted: false });
    expect(store.calls).toHaveLength(2);
  });

  it('R7 D6 however requests, answers and failures interleave, no second admits more than the limit', async () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 1, max: 15 }) }),
      fc.record({ away: fc.boolean() }),
      fc.record({ wait: fc.integer({ min: 1, max: 700 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { store, limiter, advance, now } = createHeld();
        const admittedIn = new Map<number, number>();
        const open: Promise<void>[] = [];
        const take = async () => {
          const { admitted } = await limiter.take(ALFA, origin);
          const second = Math.floor(now() / 1_000);
          if (admitted) admittedIn.set(second, (admittedIn.get(second) ?? 0) + 1);
        };
        for (const step of steps) {
          if ('take' in step) open.push(...Array.from({ length: step.take }, take));
          if ('wait' in step) advance(step.wait);
          if ('away' in step) store.calls.shift()?.answer(step.away ? 'away' : undefined);
          await turn();
        }
        for (; store.calls.length > 0; await turn()) store.calls.shift()?.answer();
        await Promise.all(open);
        for (const count of admittedIn.values()) expect(count).toBeLessThanOrEqual(20);
      }),
      { numRuns: 100 },
    );
  });
});
