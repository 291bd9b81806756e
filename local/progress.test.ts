import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function screen(inPlace: boolean) {
  const written: string[] = [];
  const timers = new Map<() => void, number>();
  const startProgress = createProgress({
    inPlace,
    write: (text) => void written.push(text),
    every(ms, tick) {
      timers.set(tick, ms);
      return () => void timers.delete(tick);
    },
  });
  const tick = () => {
    for (const timer of timers.keys()) timer();
  };
  return { written, timers, startProgress, tick };
}

test('progress on a terminal is one line, each second, and gone in the end', () => {
  const { written, timers, startProgress, tick } = screen(true);
  let lines = 0;
  {
    using _ = startProgress(() => `read ${lines} lines ...`);
    expect([...timers.values()]).toEqual([1_000]);
    for (lines of [10, 20]) tick();
  }
  expect(written).toEqual(['\r\u001b[Kread 10 lines ...', '\r\u001b[Kread 20 lines ...', '\r\u001b[K']);
  expect(timers.size).toBe(0);
});

test('progress elsewhere is a line every two seconds', () => {
  const { written, timers, startProgress, tick } = screen(false);
  {
    using _ = startProgress(() => 'closing ...');
    expect([...timers.values()]).toEqual([2_000]);
    tick();
  }
  expect(written).toEqual(['closing ...\n']);
  expect(timers.size).toBe(0);
});

test.each([true, false])('progress of what is over before the first tick leaves nothing (in place: %s)', (inPlace) => {
  const { written, startProgress } = screen(inPlace);
  startProgress(() => 'never seen')[Symbol.dispose]();
  expect(written).toEqual([]);
});
