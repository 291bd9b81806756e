import { expect, test } from 'vitest';
import type { Probe } from '../asked.ts';
import type { Answered, Client, Question } from './client.ts';
import { keepProbing } from './probe.ts';

/** A limit of so many at once on a virtual clock, whole again so long after it was told to ask later. */
async function play({ retryAfter = '1', wholeAfterMs = 1_000, limit = 5, goesTo = '' }) {
  const probes: Probe[] = [];
  const stop = new AbortController();
  let [now, count, wholeAt] = [400, 0, Number.POSITIVE_INFINITY];
  const client: Client = {
    async ask({ region }: Question): Promise<Answered> {
      if (now >= wholeAt) [count, wholeAt] = [0, Number.POSITIVE_INFINITY];
      now += 3;
      count += 1;
      const isIn = count <= limit;
      if (!isIn) wholeAt = Math.min(wholeAt, now + wholeAfterMs);
      const headers = isIn || retryAfter === '' ? {} : { 'retry-after': retryAfter };
      return { status: isIn ? 200 : 429, headers, text: '', region: (goesTo || region) as Answered['region'] };
    },
  };
  const wait = async (ms: number) => {
    // Timers fire early by a little.
    now += Math.max(0.1, ms - 0.6);
    if (now > 8_000) stop.abort();
  };
  await keepProbing({
    client,
    now: () => now,
    wait,
    question: () => ({ method: 'GET', path: '/', headers: {} }),
    note: (probe) => void probes.push(probe),
    signal: stop.signal,
  });
  return probes.map(({ at: _, ...probe }) => probe);
}

test('D1 after a true Retry-After it is admitted, in one region after the other', async () => {
  expect((await play({})).slice(0, 3)).toEqual([
    { region: 'msk', retryAfter: '1', status: 200 },
    { region: 'nsk', retryAfter: '1', status: 200 },
    { region: 'msk', retryAfter: '1', status: 200 },
  ]);
});

test('D1 a limiter that is not ready when it said so, by a ms, is told from one that is', async () => {
  const [first] = await play({ wholeAfterMs: 1_001 });
  expect(first).toEqual({ region: 'msk', retryAfter: '1', status: 429 });
});

test('a refusal without Retry-After, or no refusal at all, is noted as it is', async () => {
  expect((await play({ retryAfter: '' }))[0]).toEqual({ region: 'msk', retryAfter: null });
  expect((await play({ limit: 1_000 }))[0]).toEqual({ region: 'msk' });
});

test('a region that is gone is not judged by what the other one says', async () => {
  const regions = new Set((await play({ goesTo: 'nsk' })).map(({ region }) => region));
  expect([...regions]).toEqual(['nsk']);
});
