import { describe, expect, it } from 'vitest';
import { joinFlight, startFlight } from './flight.ts';
import { singleFlight } from './single-flight.ts';

/** Pauses that take a turn of the event loop, and how long they said they were. */
function createPauses() {
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(ms);
    await new Promise(setImmediate);
  };
  return { pauses, pause };
}

/** Of another request: nobody may await it. */
function workOfAnother<Result>() {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const flight = startFlight(promise);
  let awaited = 0;
  const { then } = Promise.prototype;
  Object.defineProperty(promise, 'then', {
    value: (...handlers: Parameters<typeof then>) => {
      awaited += 1;
      return then.apply(promise, handlers);
    },
  });
  return { flight, resolve, reject, awaited: () => awaited };
}

describe('where requests cannot await one another', () => {
  it('a joiner looks with pauses of its own, at first often, and gets the result', async () => {
    const { pauses, pause } = createPauses();
    const { flight, resolve, awaited } = workOfAnother<string>();
    const joined = joinFlight({ pause }, flight);
    while (pauses.length < 6) await new Promise(setImmediate);
    resolve('done');
    expect([await joined, pauses.slice(0, 6), awaited()]).toEqual(['done', [1, 2, 4, 8, 8, 8], 0]);
  });

  it('gets the failure', async () => {
    const { flight, reject } = workOfAnother<string>();
    reject(new Error('away'));
    await expect(joinFlight(createPauses(), flight)).rejects.toThrow('away');
  });

  it('waits 12 s at most for work whose request is gone', async () => {
    const { pauses, pause } = createPauses();
    await expect(joinFlight({ pause }, workOfAnother().flight)).rejects.toThrow('in vain');
    const waitedMs = pauses.reduce((sum, ms) => sum + ms, 0);
    expect([waitedMs > 12_000, waitedMs < 12_020]).toEqual([true, true]);
  });

  it('many who ask at once still have one call', async () => {
    const { pause } = createPauses();
    const flights = singleFlight<number>({ pause });
    let begun = 0;
    const start = async () => {
      begun += 1;
      await new Promise(setImmediate);
      return begun;
    };
    const asked = Array.from({ length: 50 }, () =>
      flights.run('key', { origin: { background: () => undefined }, start }),
    );
    expect((await Promise.all(asked)).map(({ result }) => result)).toEqual(Array(50).fill(1));
    expect(begun).toBe(1);
  });
});

it('elsewhere a joiner awaits the work itself', async () => {
  expect(await joinFlight({}, startFlight(Promise.resolve(7)))).toBe(7);
});
