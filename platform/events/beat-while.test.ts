import { describe, expect, it } from 'vitest';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { beatWhile } from './beat-while.ts';

/** A clock of the test's own: each `tick` ends the wait under way. */
function handWound() {
  let end: (() => void) | undefined;
  const waits: number[] = [];
  const wait: Wait = (ms, signal) =>
    new Promise((resolve) => {
      waits.push(ms);
      end = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  const tick = async () => {
    end?.();
    await new Promise(setImmediate);
  };
  return { wait, waits, tick };
}

describe('beatWhile', () => {
  it('beats as long as the work takes, at the interval, and never after it', async () => {
    const { wait, waits, tick } = handWound();
    const working = Promise.withResolvers<string>();
    let beats = 0;
    const heartbeat = async () => {
      beats += 1;
    };
    const result = beatWhile(() => working.promise, { everyMs: 1_000, heartbeat, wait });
    for (let second = 0; second < 7; second += 1) await tick();
    expect([beats, waits]).toEqual([7, Array.from({ length: 8 }, () => 1_000)]);
    working.resolve('booked');
    expect(await result).toBe('booked');
    await tick();
    expect(beats).toBe(7);
  });

  it('a beat that fails is no fault of the work, and the next is tried', async () => {
    const { wait, tick } = handWound();
    const working = Promise.withResolvers<string>();
    let beats = 0;
    const heartbeat = async () => {
      beats += 1;
      throw new Error('The group is rebalancing');
    };
    const result = beatWhile(() => working.promise, { everyMs: 1_000, heartbeat, wait });
    await tick();
    await tick();
    working.resolve('booked');
    expect([await result, beats]).toEqual(['booked', 2]);
  });

  it('throws what the work throws, and beats no more', async () => {
    const { wait, tick } = handWound();
    let beats = 0;
    const heartbeat = async () => {
      beats += 1;
    };
    const work = () => Promise.reject(new Error('the database is away'));
    await expect(beatWhile(work, { everyMs: 1_000, heartbeat, wait })).rejects.toThrow('the database is away');
    await tick();
    expect(beats).toBe(0);
  });
});
