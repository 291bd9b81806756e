import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createQueue, LANES, type Lane, type NoPlace, type Place } from './queue.ts';
import { createVirtualClock } from './virtual-clock.testing.ts';

const SECOND = 1_000;

/** A queue of few places under virtual time, and what became of each that entered. */
function start(places: number) {
  const clock = createVirtualClock();
  const config = parseConfig({
    REGION: 'msk',
    CORE_URL: 'http://core.test',
    HOP_KEY,
    CORE_CONCURRENCY: String(places),
  });
  const queue = createQueue({ config, ...clock });
  /** Who got a place, in their order. */
  const order: string[] = [];
  const enter = (lane: Lane, { name = lane as string, timeoutMs = 10 * SECOND } = {}) => {
    const client = new AbortController();
    const entrant = {
      name,
      lane,
      client,
      place: undefined as Place | undefined,
      refusal: undefined as NoPlace | undefined,
    };
    const entered = queue.enter({ lane, deadline: clock.now() + timeoutMs, gone: client.signal }).then((outcome) => {
      if (typeof outcome === 'string') entrant.refusal = outcome;
      else {
        entrant.place = outcome;
        order.push(name);
      }
    });
    return Object.assign(entrant, { entered });
  };
  return { clock, queue, enter, order };
}

describe('the queue before core', () => {
  it('lets calls through at once while there are places, and one for each that leaves, which counts once', async () => {
    const { clock, queue, enter } = start(2);
    const calls = ['read', 'read', 'read', 'read', 'read'].map((lane) => enter(lane as Lane));
    await clock.run(0);
    expect(calls.map(({ place }) => place !== undefined)).toEqual([true, true, false, false, false]);
    calls[0]?.place?.leave();
    calls[0]?.place?.leave();
    await clock.run(0);
    expect(calls.map(({ place }) => place !== undefined)).toEqual([true, true, true, false, false]);
    expect([queue.underWay(), queue.waiting('read')]).toEqual([2, 2]);
  });

  it('lets sales through first, then who asks who a caller is, then readers, then what nobody waits for', async () => {
    const { clock, enter, order } = start(2);
    const first = [enter('renewal', { name: 'first' }), enter('renewal', { name: 'second' })];
    const waiting = [...LANES]
      .reverse()
      .flatMap((lane) => [enter(lane, { name: `${lane} 1` }), enter(lane, { name: `${lane} 2` })]);
    await clock.run(0);
    for (const call of first) call.place?.leave();
    for (let turn = 0; turn < waiting.length; turn += 1) {
      await clock.run(0);
      for (const call of waiting) call.place?.leave();
    }
    expect(order).toEqual(['first', 'second', ...LANES.flatMap((lane) => [`${lane} 1`, `${lane} 2`])]);
  });

  it.each([
    [3_000, 1_500],
    [10_000, 5_000],
    [800, 400],
  ])('a call of %i ms waits for %i and is refused then, and leaves no hole behind', async (timeoutMs, waitMs) => {
    const { clock, queue, enter } = start(1);
    const [holder, hasty, patient] = [
      enter('read'),
      enter('read', { timeoutMs }),
      enter('read', { timeoutMs: 60 * SECOND }),
    ];
    await clock.run(waitMs - 1);
    expect(hasty.refusal).toBeUndefined();
    await clock.run(1);
    expect([hasty.refusal, queue.waiting('read')]).toEqual(['waited-too-long', 1]);
    holder.place?.leave();
    await clock.run(0);
    expect([patient.place !== undefined, queue.underWay()]).toEqual([true, 1]);
  });

  it('full, refuses at once; but a sale takes the room of the newest reader, then of the newest look-up, never of a sale', async () => {
    const { clock, enter } = start(1);
    enter('read', { name: 'under way' });
    const partners = [enter('partner'), enter('partner')];
    const readers = [enter('read'), enter('read')];
    const late = [enter('read'), enter('renewal')];
    await clock.run(0);
    expect(late.map(({ refusal }) => refusal)).toEqual(['queue-full', undefined]);
    const refusals = () => [...readers, ...partners].map(({ refusal }) => refusal);
    const sales = [enter('purchase')];
    await clock.run(0);
    expect(refusals()).toEqual([undefined, 'queue-full', undefined, undefined]);
    sales.push(...Array.from({ length: 4 }, () => enter('purchase')));
    await clock.run(0);
    expect(refusals()).toEqual(Array(4).fill('queue-full'));
    expect(sales.map(({ refusal }) => refusal)).toEqual([...Array(4).fill(undefined), 'queue-full']);
  });

  it('pushes out one for each, the newest first', async () => {
    const { clock, enter } = start(1);
    enter('read');
    const readers = Array.from({ length: 4 }, () => enter('read'));
    enter('purchase');
    await clock.run(0);
    expect(readers.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined, 'queue-full']);
  });

  it('renewals fill a room of their own, 2,000 of them, and take none from anybody', async () => {
    const { clock, queue, enter } = start(1);
    enter('read');
    const renewals = Array.from({ length: 2_001 }, () => enter('renewal'));
    const reader = enter('read');
    await clock.run(0);
    expect(renewals.filter(({ refusal }) => refusal === 'queue-full')).toEqual([renewals.at(-1)]);
    expect([queue.waiting('renewal'), reader.refusal]).toEqual([2_000, undefined]);
  });

  it('no more than four renewals are under way at once, and a reader passes those that wait', async () => {
    const { clock, queue, enter } = start(8);
    const renewals = Array.from({ length: 6 }, () => enter('renewal'));
    const readers = Array.from({ length: 4 }, () => enter('read'));
    await clock.run(0);
    expect(renewals.map(({ place }) => place !== undefined)).toEqual([true, true, true, true, false, false]);
    expect(readers.every(({ place }) => place)).toBe(true);
    renewals[0]?.place?.leave();
    await clock.run(0);
    expect([renewals[4]?.place !== undefined, renewals[5]?.place, queue.underWay()]).toEqual([true, undefined, 8]);
  });

  it('takes back the places of renewals that the runtime ended, though others are free', async () => {
    const { clock, enter } = start(8);
    for (let n = 0; n < 4; n += 1) enter('renewal', { timeoutMs: 3 * SECOND });
    const next = enter('renewal', { timeoutMs: 60 * SECOND });
    await clock.run(4_001);
    enter('read');
    await clock.run(0);
    expect(next.place).toBeDefined();
  });

  it('a client that leaves while its call waits frees its room at once; one that has left never enters', async () => {
    const { clock, queue, enter, order } = start(1);
    const holder = enter('read', { name: 'holder' });
    const readers = Array.from({ length: 4 }, (_, at) => enter('read', { name: `reader ${at}` }));
    readers[0]?.client.abort();
    await clock.run(0);
    expect([readers[0]?.refusal, queue.waiting('read')]).toEqual(['client-left', 3]);
    holder.place?.leave();
    await clock.run(0);
    expect(order).toEqual(['holder', 'reader 1']);
    const gone = queue.enter({ lane: 'read', deadline: clock.now() + SECOND, gone: AbortSignal.abort() });
    expect(await gone).toBe('client-left');
  });

  it('a client that leaves when its call is under way keeps its place: core works on', async () => {
    const { clock, queue, enter } = start(1);
    const [holder, next] = [enter('purchase'), enter('purchase')];
    await clock.run(0);
    holder.client.abort();
    await clock.run(0);
    expect([holder.refusal, next.place, queue.underWay()]).toEqual([undefined, undefined, 1]);
  });

  it('takes back the place of a call that the runtime ended, 1 s after its deadline, and hears no more of it', async () => {
    const { clock, queue, enter } = start(1);
    const lost = enter('read', { timeoutMs: 3 * SECOND });
    await clock.run(4 * SECOND);
    const early = enter('read');
    await clock.run(1);
    expect(early.place).toBeUndefined();
    const next = enter('purchase');
    await clock.run(0);
    // The place goes to who is first now, not to who waited for it.
    expect([next.place !== undefined, early.place, queue.underWay()]).toEqual([true, undefined, 1]);
    lost.place?.leave();
    await clock.run(0);
    expect([queue.underWay(), early.place]).toEqual([1, undefined]);
  });

  it('gives no place to a call whose time to wait is over, though its timer did not fire', async () => {
    const { clock, enter } = start(1);
    const holder = enter('read', { timeoutMs: 60 * SECOND });
    const [dead, alive] = [enter('read', { timeoutMs: 2 * SECOND }), enter('read', { timeoutMs: 20 * SECOND })];
    await clock.run(0);
    clock.set(clock.now() + SECOND);
    holder.place?.leave();
    await clock.run(0);
    expect([dead.refusal, alive.place !== undefined]).toEqual(['waited-too-long', true]);
  });
});

const anyLane = fc.constantFrom(...LANES);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('enter' as const),
      lane: anyLane,
      timeoutMs: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('leave' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('go away' as const), at: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass time' as const), ms: fc.integer({ min: 0, max: 120 }) }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
const rankOf = ({ lane }: { lane: Lane }) => LANES.indexOf(lane);
const isClient = ({ lane }: { lane: Lane }) => lane !== 'renewal';

/** Takes the steps one by one; after each, what must always hold is checked against who waited before it. */
async function takeSteps(places: number, steps: readonly Step[]): Promise<void> {
  const { clock, queue, enter } = start(places);
  type Call = ReturnType<typeof enter>;
  /** In the order that they came. */
  const calls: Call[] = [];
  const granted = new Set<Call>();
  const held: Call[] = [];
  const waiting = () => calls.filter(({ place, refusal }) => !place && !refusal);
  const takeOne = (at: number) => held.splice(at % (held.length || 1), 1)[0];

  const act = (each: Step) => {
    if (each.kind === 'enter') calls.push(enter(each.lane, { timeoutMs: each.timeoutMs }));
    if (each.kind === 'leave') takeOne(each.at)?.place?.leave();
    // Its request was ended by the runtime: nobody will give the place back.
    if (each.kind === 'lose') takeOne(each.at);
    if (each.kind === 'go away') calls[each.at % (calls.length || 1)]?.client.abort();
  };
  const goesFirst = (one: Call, other: Call) =>
    rankOf(one) < rankOf(other) || (one.lane === other.lane && calls.indexOf(one) < calls.indexOf(other));
  const checkGrants = () => {
    for (const call of calls.filter(({ place }) => place)) {
      if (granted.has(call)) continue;
      granted.add(call);
      held.push(call);
      expect(waiting().filter((other) => goesFirst(other, call))).toEqual([]);
    }
  };
  const checkRefusals = (before: readonly Call[], came: Call | undefined) => {
    const wasFull = before.filter(isClient).length >= 4 * places;
    for (const call of [...before, ...(came ? [came] : [])]) {
      if (call.refusal === 'client-left') expect(call.client.signal.aborted).toBe(true);
      if (call.refusal !== 'queue-full') continue;
      expect([wasFull, isClient(call)]).toEqual([true, true]);
      // The newcomer, behind whom there is nobody; or the newest of the last lane, for one that goes first.
      const last = before.filter(isClient).reduce((one, other) => (rankOf(other) < rankOf(one) ? one : other));
      if (call === came) expect(rankOf(last)).toBeLessThanOrEqual(rankOf(call));
      else expect([call === last, came && rankOf(came) < rankOf(call)]).toEqual([true, true]);
    }
  };

  for (const each of steps) {
    const before = waiting();
    act(each);
    await clock.run(each.kind === 'pass time' ? each.ms : 0);
    checkRefusals(before, each.kind === 'enter' ? calls.at(-1) : undefined);
    checkGrants();
    expect(queue.underWay()).toBeLessThanOrEqual(places);
    expect(waiting().filter(isClient).length).toBeLessThanOrEqual(4 * places);
    // No wake-up is lost: who waits does so because all places are held.
    if (waiting().length > 0) expect(queue.underWay()).toBe(places);
  }
  // Lost places come back with the next that enters, and everybody has had a place or a refusal by then.
  await clock.run(2_000);
  const last = enter('renewal', { timeoutMs: 60 * SECOND });
  calls.push(last);
  for (let turn = 0; turn <= calls.length; turn += 1) {
    await clock.run(0);
    for (const { place } of calls) place?.leave();
  }
  await Promise.all(calls.map(({ entered }) => entered));
  expect(last.place).toBeDefined();
  expect([queue.underWay(), ...LANES.map((lane) => queue.waiting(lane))]).toEqual([0, 0, 0, 0, 0]);
}

it('whatever comes, leaves, is lost or waits: no more than there are places, sales first, and an end for everybody', {
  timeout: 30_000,
}, async () => {
  const anySteps = fc.array(step, { maxLength: 60 });
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 3 }), anySteps, takeSteps), { numRuns: 400 });
});
