import { expect, test } from 'vitest';
import { keepPace, type Stream } from './pace.ts';

/** Keeps pace until a virtual time, on a clock that is moved by waiting alone, and too far by `lateMs`. */
async function play(
  streams: readonly Omit<Stream, 'arrive'>[],
  { untilMs, lateMs = 0 }: { untilMs: number; lateMs?: number },
) {
  const arrived: { stream: number; dueAt: number; at: number }[] = [];
  const stop = new AbortController();
  let now = 0;
  const wait = async (ms: number) => {
    now += ms + lateMs;
    if (now > untilMs) stop.abort();
  };
  const all = streams.map((stream, index) => ({
    ...stream,
    arrive: (dueAt: number) => void arrived.push({ stream: index, dueAt, at: now }),
  }));
  await keepPace({ now: () => now, wait, signal: stop.signal }, all);
  return arrived;
}

const on = () => true;

test('each stream has its own rate and phase', async () => {
  const arrived = await play(
    [
      { perSecond: 10, phase: 0, isOn: on },
      { perSecond: 4, phase: 0.5, isOn: on },
    ],
    { untilMs: 499 },
  );
  expect(arrived.filter(({ stream }) => stream === 0).map(({ dueAt }) => dueAt)).toEqual([0, 100, 200, 300, 400]);
  expect(arrived.filter(({ stream }) => stream === 1).map(({ dueAt }) => dueAt)).toEqual([125, 375]);
});

test('who wakes late lets all happen that was due, each under the time at which it was due', async () => {
  const arrived = await play([{ perSecond: 10, phase: 0, isOn: on }], { untilMs: 1_000, lateMs: 250 });
  expect(arrived.map(({ dueAt }) => dueAt)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]);
  expect(arrived.map(({ at }) => at)).toEqual([0, 350, 350, 350, 650, 650, 650, 950, 950, 950]);
});

test('what was due while a stream was off is not made up for', async () => {
  let isOn = false;
  const arrived = await play(
    [
      { perSecond: 10, phase: 0, isOn: () => isOn },
      { perSecond: 1, phase: 0.45, isOn: () => (isOn = true) },
    ],
    { untilMs: 699 },
  );
  expect(arrived.map(({ dueAt }) => dueAt)).toEqual([450, 500, 600]);
});
