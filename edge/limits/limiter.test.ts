import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseSize, leastLease } from './lease-size.ts';
import { createIsolates, origin, pooled, shared, turn } from './limiter.testing.ts';
import type { Caller, Limiter } from './limiter.ts';

const ALFA = pooled(20);

function createHeld() {
  const { limiters, ...room } = createIsolates(1);
  return { limiter: limiters[0] as Limiter, ...room };
}

describe('leases', () => {
  it('the least is a fiftieth of the limit, 1 to 200', () => {
    expect([1, 20, 50, 149, 1_000, 100_000].map(leastLease)).toEqual([1, 1, 1, 2, 20, 200]);
  });

  it('who asks more takes what it uses in 200 ms, and no more than the second needs', () => {
    const size = (perSecond: number, leftMs: number) => leaseSize({ quota: 1_000, perSecond, leftMs });
    expect([size(0, 1_000), size(500, 1_000), size(1_000, 1_000), size(1_000, 60), size(1_000, 1)]).toEqual([
      20, 100, 200, 60, 20,
    ]);
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
    void store.open().add('limit:alfa:1000', { amount: 20 });
    const first = limiter.take(ALFA, origin);
    await turn();
    store.calls[1]?.answer();
    expect(await first).toMatchObject({ admitted: false, remaining: 0 });
    expect(await limiter.take(ALFA, origin)).toMatchObject({ admitted: false });
    expect(store.calls).toHaveLength(2);
  });

  it('the first lease of a second is fetched in the one before, and belongs to it', async () => {
    const { store, limiter, advance } = createHeld();
    advance(800);
    const first = limiter.take(ALFA, origin);
    await turn();
    store.calls[0]?.answer();
    await first;
    await turn();
    expect(store.calls.map(({ key }) => key)).toEqual(['limit:alfa:1000', 'limit:alfa:1000', 'limit:alfa:1001']);
    store.calls[2]?.answer();
    advance(200);
    expect(await limiter.take(ALFA, origin)).toMatchObject({ admitted: true });
  });

  it('towards the end of a second nothing is fetched that will hardly be used: another isolate may need it', async () => {
    const { store, limiter, advance } = createHeld();
    const answerAll = async () => {
      for (; store.calls.length > 0; await turn()) store.calls.shift()?.answer();
    };
    for (let request = 0; request < 10; request += 1) {
      void limiter.take(ALFA, origin);
      await turn();
      await answerAll();
    }
    advance(1_960);
    const last = limiter.take(ALFA, origin);
    await turn();
    expect(store.calls).toMatchObject([{ key: 'limit:alfa:1001', amount: 1 }]);
    store.calls.shift()?.answer();
    expect(await last).toMatchObject({ admitted: true });
    await turn();
    expect(store.calls.map(({ key }) => key)).toEqual(['limit:alfa:1002']);
  });
});

interface Pace {
  perSecond: number;
  seconds: number;
  roundTripMs: number;
  isolates?: number;
}

/** A partner that asks isolates in turn, at an even pace; the store answers after `roundTripMs`. */
async function run(caller: Caller, { perSecond, seconds, roundTripMs, isolates = 1 }: Pace) {
  const { store, limiters, advance, now } = createIsolates(isolates);
  const waits: number[] = [];
  const due = new Map<object, number>();
  let [calls, asked] = [0, 0];
  const ask = (limiter: Limiter | undefined) => {
    const askedAt = now();
    void limiter?.take(caller, origin).then(({ admitted }) => admitted && waits.push(now() - askedAt));
  };
  for (let ms = 0; ms < seconds * 1_000; ms += 1) {
    for (; asked < ((ms + 1) * perSecond) / 1_000; asked += 1) ask(limiters[asked % isolates]);
    await turn();
    for (const call of store.calls) if (!due.has(call)) due.set(call, ms + roundTripMs);
    advance(1);
    for (const call of store.calls.filter((one) => (due.get(one) ?? 0) <= ms + 1)) {
      store.calls.splice(store.calls.indexOf(call), 1);
      calls += 1;
      call.answer();
    }
    await turn();
  }
  return { calls, admitted: waits.length, waited: waits.filter((ms) => ms > 0).length };
}

describe('a store that is far away', () => {
  it.each([20, 100])(
    'at 20 requests/s and 50 ms only the first three of a partner wait, also at its limit: %i',
    async (limit) => {
      const { waited, admitted } = await run(pooled(limit), { perSecond: 20, seconds: 5, roundTripMs: 50 });
      expect(waited).toBeLessThanOrEqual(3);
      expect(admitted).toBe(100);
    },
  );

  it('at 1,000 requests/s a call buys more than 50 requests', async () => {
    const { calls, admitted, waited } = await run(pooled(1_000), { perSecond: 1_000, seconds: 5, roundTripMs: 2 });
    expect(admitted).toBeGreaterThanOrEqual(4_990);
    expect(calls / admitted).toBeLessThanOrEqual(0.02);
    expect(waited).toBeLessThan(100);
  });

  it('three isolates together admit what a partner may have, but for a few in a hundred that another holds', async () => {
    const pace = { perSecond: 1_000, seconds: 5, roundTripMs: 10, isolates: 3 };
    const { admitted } = await run(pooled(1_000), pace);
    expect(admitted).toBeGreaterThanOrEqual(4_800);
    expect(admitted).toBeLessThanOrEqual(5_000);
  });

  it('R7 who asks twelve times its limit gets the limit, and costs the store no more than that takes', async () => {
    const { calls, admitted } = await run(pooled(20), { perSecond: 250, seconds: 5, roundTripMs: 20 });
    expect(admitted).toBe(100);
    expect(calls).toBeLessThanOrEqual(100);
  });
});

describe('however requests, answers, failures and clocks interleave', () => {
  const step = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 15 }), by: fc.nat({ max: 2 }) }),
    fc.record({ answer: fc.nat({ max: 3 }), away: fc.boolean() }),
    fc.record({ wait: fc.integer({ min: -400, max: 700 }) }),
  );

  type Step = { take: number; by: number } | { answer: number; away: boolean } | { wait: number };

  /** How many were admitted in each second, by the clock when they were, over all isolates. */
  async function play(steps: readonly Step[], how: { caller: Caller; isolates: number; mayFail: boolean }) {
    const { store, limiters, advance, now } = createIsolates(how.isolates);
    const admittedIn = new Map<number, number>();
    const open: Promise<void>[] = [];
    let latest = 0;
    const take = async (by: number) => {
      const allowance = await limiters[by % how.isolates]?.take(how.caller, origin);
      latest = Math.max(latest, Math.floor(now() / 1_000));
      if (allowance?.admitted) admittedIn.set(latest, (admittedIn.get(latest) ?? 0) + 1);
    };
    for (const each of steps) {
      if ('take' in each) open.push(...Array.from({ length: each.take }, () => take(each.by)));
      // A clock that steps back is the matter of one isolate: others may not have seen the second yet.
      if ('wait' in each) advance(how.isolates === 1 ? each.wait : Math.abs(each.wait));
      if ('answer' in each)
        store.calls.splice(each.answer, 1)[0]?.answer(how.mayFail && each.away ? 'away' : undefined);
      await turn();
    }
    for (; store.calls.length > 0; await turn()) store.calls.shift()?.answer();
    await Promise.all(open);
    return [...admittedIn.values()];
  }
  const forAll = (check: (steps: Step[]) => Promise<void>) =>
    fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), check), { numRuns: 100 });

  it('R7 D6 no second admits more than the limit of one isolate, failures and all', () =>
    forAll(async (steps) => {
      for (const count of await play(steps, { caller: ALFA, isolates: 1, mayFail: true }))
        expect(count).toBeLessThanOrEqual(20);
    }));

  it('R7 D6 nor of three that share a store which answers', () =>
    forAll(async (steps) => {
      for (const count of await play(steps, { caller: ALFA, isolates: 3, mayFail: false }))
        expect(count).toBeLessThanOrEqual(20);
    }));

  it('D6 two regions whose shared store fails admit at most their shares besides what the pool gave', () =>
    forAll(async (steps) => {
      const counts = await play(steps, { caller: pooled(20, 50), isolates: 2, mayFail: true });
      for (const count of counts) expect(count).toBeLessThanOrEqual(20 + 10);
    }));

  it('D6 a region that counts its share admits no more than it', () =>
    forAll(async (steps) => {
      for (const count of await play(steps, { caller: shared(20, 50), isolates: 1, mayFail: true }))
        expect(count).toBeLessThanOrEqual(10);
    }));
});

describe('a store that is away', () => {
  it('D6 each region admits its share, and nobody waits once it is known', async () => {
    const { store, limiters, advance } = createIsolates(2);
    const caller = pooled(20, 50);
    const waiting = limiters.map((limiter) => limiter.take(caller, origin));
    await turn();
    for (const call of store.calls.splice(0)) call.answer('away');
    await Promise.all(waiting);
    for (let second = 0; second < 5; second += 1) {
      advance(1_000);
      const answers = await Promise.all(
        limiters.flatMap((limiter) => Array.from({ length: 125 }, () => limiter.take(caller, origin))),
      );
      expect(answers.filter(({ admitted }) => admitted)).toHaveLength(20);
      expect(answers[0]).toMatchObject({ limit: 10 });
      for (const call of store.calls.splice(0)) call.answer('away');
    }
  });

  it('is tried with one token behind the answers, adds nothing to the second, and counts again from the next', async () => {
    const { store, limiter, advance } = createHeld();
    const site = pooled(1_000, 40);
    const first = limiter.take(site, origin);
    await turn();
    store.calls.shift()?.answer('away');
    await first;
    advance(1_000);
    await Promise.all(Array.from({ length: 300 }, () => limiter.take(site, origin)));
    await turn();
    expect(store.calls).toMatchObject([{ key: 'limit:alfa:1001', amount: 1 }]);
    store.calls.shift()?.answer();
    await turn();
    const more = await Promise.all(Array.from({ length: 300 }, () => limiter.take(site, origin)));
    expect(more.filter(({ admitted }) => admitted)).toHaveLength(100);
    advance(1_000);
    const counted = limiter.take(site, origin);
    await turn();
    expect(store.calls).toMatchObject([{ key: 'limit:alfa:1002', amount: 80 }]);
    store.calls.shift()?.answer();
    expect(await counted).toMatchObject({ admitted: true, limit: 1_000 });
  });
});

it('a share below one request a second says when there is one to have', async () => {
  const { limiter, store } = createHeld();
  const half = shared(1, 50);
  const refused = await limiter.take(half, origin);
  expect(refused).toMatchObject({ admitted: false, limit: 1, remaining: 0, resetMs: 1_000 });
  expect(store.calls).toEqual([]);
});
