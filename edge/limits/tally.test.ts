import { describe, expect, it } from 'vitest';
import { createIsolates, origin, pooled, turn } from './limiter.testing.ts';

const address = {
  policy: 'address',
  id: '192.0.2.1',
  pool: { limit: 2, percent: 100 },
  share: { limit: 2, percent: 100 },
} as const;

describe('what a limiter tells of itself', () => {
  it('R7 counts each request once, as it was decided, and each call to the store for tokens', async () => {
    const { limiters, store } = createIsolates(1);
    const [limiter] = limiters;
    if (!limiter) throw new Error('one limiter expected');
    const waiting = Promise.all(Array.from({ length: 3 }, () => limiter.take(pooled(4), origin)));
    await turn();
    store.calls[0]?.answer();
    await waiting;
    expect(limiter.tally.decisions.pool).toEqual({ admitted: 3, refused: 0 });
    expect(limiter.tally.leases).toEqual({ granted: 1, none: 0, failed: 0 });
    expect(limiter.tally.tokensLeased - limiter.tokensHeld()).toBe(3);
    // The last token, and then what nobody has.
    const last = [limiter.take(pooled(4), origin), limiter.take(pooled(4), origin)];
    for (const call of store.calls.slice(1)) call.answer();
    await turn();
    for (const call of store.calls.slice(1)) call.answer();
    expect((await Promise.all(last)).map(({ admitted }) => admitted)).toEqual([true, false]);
    expect(limiter.tally.decisions.pool).toEqual({ admitted: 4, refused: 1 });
    expect(limiter.tally.tokensLeased).toBe(4);
  });

  it('tells a store that did not answer, and who is counted alone since', async () => {
    const { limiters, store } = createIsolates(1);
    const [limiter] = limiters;
    if (!limiter) throw new Error('one limiter expected');
    const taken = limiter.take(pooled(4, 50), origin);
    await turn();
    store.calls[0]?.answer('away');
    await taken;
    await limiter.take(pooled(4, 50), origin);
    await limiter.take(pooled(4, 50), origin);
    expect(limiter.tally.leases.failed).toBe(1);
    expect(limiter.tally.decisions).toMatchObject({
      pool: { admitted: 0, refused: 0 },
      alone: { admitted: 2, refused: 1 },
    });
  });

  it('counts addresses by themselves', () => {
    const { limiters } = createIsolates(1);
    const [limiter] = limiters;
    for (let n = 0; n < 5; n += 1) limiter?.takeHere(address);
    expect(limiter?.tally.decisions.address).toEqual({ admitted: 2, refused: 3 });
  });

  it('a hit that takes a token at once counts once; one that has to ask counts where it is decided', () => {
    const { limiters } = createIsolates(1);
    const [limiter] = limiters;
    expect(limiter?.takeNow(pooled(4), origin)).toBeUndefined();
    expect(limiter?.tally.decisions.pool).toEqual({ admitted: 0, refused: 0 });
  });
});
