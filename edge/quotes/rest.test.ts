import { describe, expect, it } from 'vitest';
import { createRest } from './rest.ts';

function startRest() {
  let now = 1_000_000;
  const rest = createRest({ now: () => now }, 1_000);
  return { begin: (key: string) => rest.begin(key), move: (ms: number) => (now += ms) };
}

describe('a key that rests', () => {
  it('begins again after its time, and others begin meanwhile', () => {
    const { begin, move } = startRest();
    expect([begin('a'), begin('a'), begin('b')]).toEqual([true, false, true]);
    move(999);
    expect([begin('a'), begin('b')]).toEqual([false, false]);
    move(1);
    expect([begin('a'), begin('a'), begin('b')]).toEqual([true, false, true]);
  });

  it('does not wait for a clock that was set back by an hour', () => {
    const { begin, move } = startRest();
    begin('a');
    move(-3_600_000);
    expect([begin('a'), begin('a')]).toEqual([true, false]);
  });
});
