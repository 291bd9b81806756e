import { describe, expect, it } from 'vitest';
import { seeded } from '../../load/bench/seeded.ts';
import { parseConfig } from '../config.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { createVirtualClock } from '../forward/virtual-clock.testing.ts';
import { createRoom } from './room.ts';

/** A flood is two hundred thousand turns of a virtual clock. */
const PATIENCE_MS = 30_000;
const SECOND = 1_000;
const SERVICE_MS = 5;
/** Of one worker that needs so long for each. */
const CAPACITY = SECOND / SERVICE_MS;
/** So many quotes are always let in. */
const LEAST = 6;

interface Ended {
  readonly at: number;
  readonly tookMs: number;
  readonly answered: boolean;
}

/** A core of so many workers behind a room, and quotes that come whatever becomes of those before. */
function simulate({ workers = 1, places = 64, storeMs = 0, wayMs = 0 } = {}) {
  const clock = createVirtualClock();
  const config = parseConfig({
    REGION: 'msk',
    CORE_URL: 'http://core.test',
    HOP_KEY,
    CORE_CONCURRENCY: String(places),
  });
  const room = createRoom({ config, now: clock.now });
  const waiting: (() => void)[] = [];
  const ended: Ended[] = [];
  const random = seeded(7_204);
  const core = { serviceMs: SERVICE_MS, stopped: false, atOnce: 0, mostAtOnce: 0 };
  let working = 0;
  const work = () => {
    while (!core.stopped && working < workers) {
      const done = waiting.shift();
      if (!done) return;
      working += 1;
      clock.after(core.serviceMs, () => {
        working -= 1;
        done();
        work();
      });
    }
  };
  const answer = async () => {
    core.atOnce += 1;
    core.mostAtOnce = Math.max(core.mostAtOnce, core.atOnce);
    await clock.wait(wayMs);
    await new Promise<void>((done) => {
      waiting.push(done);
      work();
    });
    core.atOnce -= 1;
  };
  const quote = async () => {
    const at = clock.now();
    if (room.isFull()) {
      room.refuse();
      return ended.push({ at, tookMs: 0, answered: false });
    }
    const turn = room.enter();
    if (storeMs > 0) await clock.wait(storeMs);
    await turn.ask(answer);
    turn.leave();
    return ended.push({ at, tookMs: clock.now() - at, answered: true });
  };
  return {
    clock,
    room,
    core,
    resume() {
      core.stopped = false;
      work();
    },
    /**
     * So many a second from now on for so long; resolves then. Evenly; or as many at once as came in `everyMs`; or by chance,
     * as people come (Poisson).
     */
    async ask(perSecond: number, forMs: number, { everyMs = 0, byChance = false } = {}) {
      const from = clock.now();
      const gapMs = SECOND / perSecond;
      let dueMs = 0;
      for (let n = 0; n < (perSecond * forMs) / SECOND; n += 1) {
        dueMs = byChance ? dueMs - Math.log(1 - random()) * gapMs : n * gapMs;
        clock.after(everyMs === 0 ? dueMs : Math.floor(dueMs / everyMs) * everyMs, () => void quote());
      }
      await clock.run(forMs);
      return {
        from,
        /** What ended, of those that came from so many ms after the first on. */
        of: (afterMs = 0) => ended.filter(({ at }) => at >= from + afterMs && at < from + forMs),
      };
    },
  };
}

const refused = (quotes: readonly Ended[]) => quotes.filter(({ answered }) => !answered);
const slowest = (quotes: readonly Ended[]) => Math.max(...quotes.map(({ tookMs }) => tookMs));

describe('a room before core', () => {
  it.each([1, 4])(
    'of %i workers lets in as many as it can answer, ten times over, in about three times the least time',
    async (workers) => {
      const { ask, clock } = simulate({ workers });
      const capacity = CAPACITY * workers;
      await ask(capacity / 2, 3 * SECOND);
      const flood = await ask(capacity * 10, 5 * SECOND);
      await clock.run(2 * SECOND);
      const settled = flood.of(2 * SECOND);
      const answered = settled.filter(({ answered }) => answered);
      expect(answered.length).toBeGreaterThanOrEqual(0.95 * capacity * 3);
      expect(slowest(answered)).toBeLessThanOrEqual((Math.max(LEAST, 3 * workers) / workers + 1) * SERVICE_MS);
      expect(settled.length).toBe(capacity * 30);
    },
    PATIENCE_MS,
  );

  it('lets in no more when an event loop turns slowly, and all are answered before the next come', async () => {
    const { ask, core, clock } = simulate();
    await ask(CAPACITY / 2, 3 * SECOND);
    const flood = await ask(CAPACITY * 10, 5 * SECOND, { everyMs: 16 });
    await clock.run(2 * SECOND);
    const answered = flood.of(2 * SECOND).filter((each) => each.answered);
    expect(answered.length).toBeGreaterThanOrEqual(0.95 * CAPACITY * 3);
    expect(slowest(answered)).toBeLessThanOrEqual(LEAST * SERVICE_MS);
    expect(core.mostAtOnce).toBeLessThanOrEqual(64 * 2);
  });

  it('refuses nobody at 90 % of what core can answer, however long', async () => {
    const { ask } = simulate();
    expect(refused((await ask(CAPACITY * 0.9, 60 * SECOND)).of())).toEqual([]);
  });

  it.each([
    { perSecond: 31 * SECOND, forMs: 1, come: 31 },
    { perSecond: 2 * CAPACITY, forMs: 225, come: 90 },
  ])('refuses nobody of $come that come within $forMs ms, and no more', async ({ perSecond, forMs, come }) => {
    const { ask, clock } = simulate();
    await ask(20, 2 * SECOND);
    const crowd = await ask(perSecond, forMs);
    await clock.run(5 * SECOND);
    expect([crowd.of().length, refused(crowd.of())]).toEqual([come, []]);
  });

  it.each([400, 900, 1_200])('refuses nobody of 50 a second while core stops for %i ms', async (ms) => {
    const { ask, core, clock, resume } = simulate();
    await ask(50, 2 * SECOND);
    core.stopped = true;
    clock.after(ms, resume);
    const pause = await ask(50, 4 * SECOND);
    await clock.run(SECOND);
    expect([pause.of().length, refused(pause.of())]).toEqual([200, []]);
  });

  it('refuses nobody while core takes ten times as long for two seconds, a few at a time', async () => {
    const { ask, core, clock } = simulate({ workers: 4 });
    await ask(50, 2 * SECOND);
    core.serviceMs = 10 * SERVICE_MS;
    clock.after(2 * SECOND, () => {
      core.serviceMs = SERVICE_MS;
    });
    const slow = await ask(75, 4 * SECOND);
    await clock.run(SECOND);
    expect([slow.of().length, refused(slow.of())]).toEqual([300, []]);
  });

  it('finds out a crowd that is half as large again as core can answer, before anybody waits for two seconds', async () => {
    const { ask, clock } = simulate();
    await ask(CAPACITY / 2, 3 * SECOND);
    const crowd = await ask(CAPACITY * 1.5, 10 * SECOND);
    await clock.run(SECOND);
    const answered = crowd.of(5 * SECOND).filter((each) => each.answered);
    expect(answered.length).toBeGreaterThanOrEqual(0.95 * CAPACITY * 5);
    expect(slowest(answered)).toBeLessThanOrEqual((LEAST + 1) * SERVICE_MS);
    expect(slowest(crowd.of())).toBeLessThan(2 * SECOND);
  });

  it('is over as soon as they end', async () => {
    const { ask, clock, room } = simulate();
    await ask(CAPACITY * 10, 5 * SECOND);
    expect(room.isOverloaded()).toBe(true);
    const after = await ask(CAPACITY / 2, 5 * SECOND, { everyMs: 50 });
    await clock.run(SECOND);
    expect([refused(after.of(SECOND + 100)), room.isOverloaded()]).toEqual([[], false]);
    expect(slowest(after.of(2 * SECOND))).toBe(5 * SERVICE_MS);
  });

  it.each([0.95, 0.9, 0.8, 0.5])(
    'is over when %f of what core can answer come, by chance, for as long',
    async (share) => {
      const { ask, clock, room } = simulate();
      await ask(CAPACITY * 10, 5 * SECOND);
      const after = await ask(CAPACITY * share, 20 * SECOND, { byChance: true });
      await clock.run(5 * SECOND);
      expect([refused(after.of(2 * SECOND)), room.isOverloaded()]).toEqual([[], false]);
    },
  );

  it('while a fifth more come than core can answer, nobody waits for longer than its places take, and what comes in half a second', async () => {
    const { ask, clock } = simulate();
    await ask(CAPACITY * 10, 5 * SECOND);
    const more = await ask(CAPACITY * 1.2, 20 * SECOND, { byChance: true });
    await clock.run(SECOND);
    const answered = more.of(SECOND).filter((each) => each.answered);
    expect(slowest(answered)).toBeLessThanOrEqual((65 + 0.2 * CAPACITY * 0.5) * SERVICE_MS);
    expect(answered.length).toBeGreaterThanOrEqual(0.9 * CAPACITY * 19);
  });

  it.each([
    {
      says: 'half as many as there are places of what comes faster than one in 2 ms',
      perSecond: 100 * SECOND,
      most: 8,
    },
    { says: 'twice as many as there are places of what comes slower', perSecond: 400, most: 32 },
  ])('lets in $says before it knows of a flood, and is full at once then', async ({ perSecond, most }) => {
    const { ask, core } = simulate({ places: 16 });
    core.stopped = true;
    const flood = await ask(perSecond, (100 * SECOND) / perSecond);
    expect([flood.of().length, core.mostAtOnce]).toEqual([100 - most, most]);
  });

  it('of ten times what core can answer nobody who is let in waits for longer than half of its places take', async () => {
    const { ask, clock } = simulate();
    await ask(CAPACITY / 2, 3 * SECOND);
    const flood = await ask(CAPACITY * 10, 5 * SECOND);
    await clock.run(2 * SECOND);
    expect(slowest(flood.of().filter(({ answered }) => answered))).toBeLessThanOrEqual(33 * SERVICE_MS);
  });

  it('a slow store is not core’s fault: nobody is refused for the time there', async () => {
    const { ask, clock } = simulate({ storeMs: 240 });
    const quotes = await ask(CAPACITY / 2, 10 * SECOND);
    await clock.run(SECOND);
    expect([quotes.of().length, refused(quotes.of())]).toEqual([1_000, []]);
  });

  it('core far away has as many under way as the way takes', async () => {
    const { ask, clock } = simulate({ wayMs: 40 });
    const quotes = await ask(CAPACITY * 0.9, 10 * SECOND);
    await clock.run(SECOND);
    expect(refused(quotes.of())).toEqual([]);
    const flood = await ask(CAPACITY * 10, 5 * SECOND);
    await clock.run(SECOND);
    expect(flood.of(2 * SECOND).filter(({ answered }) => answered).length).toBeGreaterThanOrEqual(0.95 * CAPACITY * 3);
  });

  it('takes back the room of quotes that the runtime ended, 12 s after they came', async () => {
    const { room, clock } = simulate({ places: 4 });
    for (let n = 0; n < 20; n += 1) void room.enter().ask(() => new Promise(() => undefined));
    expect(room.isFull()).toBe(true);
    await clock.run(11_999);
    expect(room.isFull()).toBe(true);
    await clock.run(1);
    expect(room.isFull()).toBe(false);
  });

  it('a call that fails gives its place back and teaches nothing', async () => {
    const { room, clock } = simulate();
    for (let n = 0; n < 1_000; n += 1) {
      const turn = room.enter();
      await expect(turn.ask(() => Promise.reject(new Error('core is away')))).rejects.toThrow('core is away');
      turn.leave();
      turn.leave();
    }
    await clock.run(SECOND);
    expect([room.isFull(), room.isOverloaded()]).toEqual([false, false]);
  });
});
