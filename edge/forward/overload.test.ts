import { describe, expect, it } from 'vitest';
import { ANSWERED, createGuarded, LOST, SLOW, TIMEOUTS } from './guarded.testing.ts';
import type { Lane } from './queue.ts';
import type { Sent } from './send-call.ts';

const SECOND = 1_000;
/** Core does this many calls at once, each in so many ms: 200 a second. */
const WORKERS = 2;
const SERVICE_MS = 10;
const PLACES = 8;

interface Ended {
  readonly lane: Lane;
  readonly startedAt: number;
  readonly tookMs: number;
  readonly outcome: string;
}

/** A core that works off its calls in the order that they came, that can die or hang, and everything that was asked of it. */
function simulate({ places = PLACES } = {}) {
  const guarded = createGuarded({ places });
  const { clock } = guarded;
  const core = { mood: 'well' as 'well' | 'dead' | 'hung', attempts: 0, mostAtOnce: 0 };
  const backlog: { deadline: number; done: (sent: Sent) => void }[] = [];
  let [working, atOnce] = [0, 0];
  const work = () => {
    while (core.mood === 'well' && working < WORKERS) {
      const next = backlog.shift();
      if (!next) return;
      // As core does it: what nobody waits for is not begun.
      if (clock.now() > next.deadline) continue;
      working += 1;
      clock.after(SERVICE_MS, () => {
        working -= 1;
        next.done(ANSWERED);
        work();
      });
    }
  };
  const attempt = async (deadline: number): Promise<Sent> => {
    core.attempts += 1;
    if (core.mood === 'dead') return LOST;
    atOnce += 1;
    core.mostAtOnce = Math.max(core.mostAtOnce, atOnce);
    const answer = new Promise<Sent>((done) => backlog.push({ deadline, done }));
    work();
    const givenUp = clock.wait(deadline - clock.now()).then(() => SLOW);
    return Promise.race([answer, givenUp]).finally(() => {
      atOnce -= 1;
    });
  };

  const ended: Ended[] = [];
  const send = async (lane: Lane) => {
    const startedAt = clock.now();
    const outcome = await guarded.call(attempt, { lane });
    const said = outcome.kind === 'refused' ? outcome.why : outcome.kind;
    ended.push({ lane, startedAt, tookMs: clock.now() - startedAt, outcome: said });
  };
  /** So many a second, evenly, from now on for so long. */
  const sendEvenly = (lane: Lane, { perSecond, forMs }: { perSecond: number; forMs: number }) => {
    for (let ms = 0; ms < forMs; ms += SECOND / perSecond) clock.after(ms, () => void send(lane));
  };
  return {
    ...guarded,
    core,
    sendEvenly,
    turn: (mood: (typeof core)['mood']) => {
      core.mood = mood;
      work();
    },
    /** What ended, of calls begun in a time. */
    of: (lane: Lane, from = 0, to = Number.POSITIVE_INFINITY) =>
      ended.filter((each) => each.lane === lane && each.startedAt >= from && each.startedAt < to),
  };
}

const answered = (calls: readonly Ended[]) => calls.filter(({ outcome }) => outcome === 'answered');

describe('ten times as many quotes as core can answer', () => {
  const overload = async () => {
    const simulated = simulate();
    simulated.sendEvenly('read', { perSecond: 2_000, forMs: 4 * SECOND });
    simulated.sendEvenly('purchase', { perSecond: 40, forMs: 4 * SECOND });
    const startedAt = simulated.clock.now();
    await simulated.clock.run(4 * SECOND);
    return { ...simulated, startedAt };
  };

  it('cost no sale: each is answered, in the time of those under way and its own', async () => {
    const { of, clock, core } = await overload();
    await clock.run(10 * SECOND);
    const sales = of('purchase');
    expect([sales.length, answered(sales).length]).toEqual([160, 160]);
    expect(Math.max(...sales.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual((PLACES / WORKERS + 2) * SERVICE_MS);
    expect(core.mostAtOnce).toBe(PLACES);
  });

  it('leave core at full work: what sales do not take is quotes, and the others are told early', async () => {
    const { of, clock } = await overload();
    await clock.run(10 * SECOND);
    const quotes = of('read');
    expect(answered(quotes).length).toBeGreaterThanOrEqual(0.95 * 160 * 4);
    expect(answered(quotes).length).toBeLessThanOrEqual(160 * 4 + PLACES * 5);
    const refused = quotes.filter(({ outcome }) => outcome !== 'answered');
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['queue-full']));
    // At once, or pushed out by a sale while they waited.
    expect(refused.filter(({ tookMs }) => tookMs === 0).length).toBeGreaterThan(0.95 * refused.length);
    expect(quotes.length).toBe(8_000);
  });

  it('are over as soon as they end: once the queue is worked off the next call passes at once', async () => {
    const { of, clock, hop, sendEvenly } = await overload();
    const queueMs = ((PLACES * 5) / WORKERS) * SERVICE_MS;
    await clock.run(queueMs);
    expect([hop.queue.underWay(), hop.queue.waiting('read')]).toEqual([0, 0]);
    const from = clock.now();
    sendEvenly('read', { perSecond: 100, forMs: SECOND });
    await clock.run(2 * SECOND);
    expect(of('read', from).map(({ tookMs, outcome }) => [tookMs, outcome])).toEqual(
      Array(100).fill([SERVICE_MS, 'answered']),
    );
  });
});

describe('a core that goes away', () => {
  /** Light traffic: before, while core is away, and after. */
  const outage = async (mood: 'dead' | 'hung', awayMs: number) => {
    const simulated = simulate();
    const { clock, core, turn } = simulated;
    const traffic = { forMs: awayMs + 8 * SECOND };
    simulated.sendEvenly('read', { perSecond: 50, ...traffic });
    simulated.sendEvenly('purchase', { perSecond: 20, ...traffic });
    await clock.run(SECOND);
    const before = core.attempts;
    turn(mood);
    await clock.run(awayMs);
    const attempts = core.attempts - before;
    const backAt = clock.now();
    turn('well');
    await clock.run(20 * SECOND);
    return { ...simulated, attempts, backAt };
  };

  it.each([
    ['dead', 5 * SECOND],
    ['dead', 60 * SECOND],
    ['hung', 5 * SECOND],
    ['hung', 60 * SECOND],
  ] as const)(
    '%s for %i ms sells again within 1.1 s of being back, and every call after that is answered',
    async (mood, awayMs) => {
      const { of, backAt, hop } = await outage(mood, awayMs);
      for (const lane of ['purchase', 'read'] as const) {
        const after = of(lane, backAt + 1_100);
        expect([after.length > 100, after.filter(({ outcome }) => outcome !== 'answered')]).toEqual([true, []]);
      }
      expect(hop.queue.underWay()).toBe(0);
    },
  );

  it('is asked once a second and not by everybody; every call has an end, in its own time', async () => {
    for (const mood of ['dead', 'hung'] as const) {
      const awayMs = 60 * SECOND;
      const { of, attempts, count } = await outage(mood, awayMs);
      // Until the circuit opened: a retry each for the dead, a place each for the hung. Then one a second.
      expect(attempts).toBeLessThanOrEqual(awayMs / SECOND + 40);
      expect(count('core-retry')).toBeLessThanOrEqual(12);
      for (const lane of ['purchase', 'read'] as const) {
        const all = of(lane);
        expect(all.length).toBe(((awayMs + 8 * SECOND) / SECOND) * (lane === 'read' ? 50 : 20));
        expect(Math.max(...all.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(TIMEOUTS[lane]);
      }
    }
  });
});
