import type { Redis } from '@upstash/redis';
import { expect, it } from 'vitest';
import { failOpen } from './fail-open.ts';

/** A store that fails, on a clock that stands still until it is set. */
function away() {
  const [lines, clock] = [[] as unknown[], { ms: 1_000 }];
  let failures = 0;
  const redis = { get: () => Promise.reject(new Error('refused')) } as unknown as Redis;
  const log = { warn: (...line: unknown[]) => lines.push(line) };
  const observe = () => {
    failures += 1;
  };
  const ctx = { now: () => clock.ms, log, observe } as unknown as Parameters<typeof failOpen>[0];
  return { store: failOpen(ctx, redis), lines, clock, failures: () => failures };
}

it('of calls that fail at once one line is logged, and each is counted; the next is tried and told 2 s later', async () => {
  const { store, lines, clock, failures } = away();
  const ask = () => Promise.all(Array.from({ length: 10 }, () => store.get('k')));
  expect(await ask()).toEqual(Array(10).fill(undefined));
  expect([lines.length, failures(), store.isAway()]).toEqual([1, 10, true]);
  clock.ms += 1_999;
  await ask();
  expect([lines.length, failures()]).toEqual([1, 10]);
  clock.ms += 1;
  await ask();
  expect([lines.length, failures()]).toEqual([2, 11]);
});
