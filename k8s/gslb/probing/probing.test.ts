import { describe, expect, test } from 'vitest';
import { seeded } from '../../../load/bench/seeded.ts';
import { expectChanges, simulateFlapping } from './flapping.ts';
import { leavesWithin } from './leaves-within.ts';
import { createProbeState } from './probe-state.ts';
import { PROBING, type Thresholds } from './probing.ts';

/** `+` and `-` are probes; the answer is the state after each, `U` or `D`. */
function states(thresholds: Thresholds, probes: string): string {
  const [first, ...others] = [...probes];
  const state = createProbeState(thresholds, first === '+');
  const letter = () => (state.isUp() ? 'U' : 'D');
  const after = (probe: string) => {
    state.tell(probe === '+');
    return letter();
  };
  return [letter(), ...others.map(after)].join('');
}

describe('the states of a probed address', () => {
  const few = { up: 3, ok: 2, down: 3 };
  test.each([
    ['the first probe decides', few, '+', 'U'],
    ['also when it is bad', few, '-', 'D'],
    ['bad ones in a row take it out', few, '+---', 'UUUD'],
    ['bad ones add up while no good ones in a row are in between', few, '+-+-+-', 'UUUUUD'],
    ['enough good ones in a row make bad ones forgotten', few, '+--++--++-', 'UUUUUUUUUU'],
    ['and one less does not', few, '+--+-', 'UUUUD'],
    ['good ones in a row bring it back', few, '----+++', 'DDDDDDU'],
    ['a bad one begins that count anew', few, '-++-++-+++', 'DDDDDDDDDU'],
    ['once back, nothing of before counts', few, '+---+++--', 'UUUDDDUUU'],
  ] as const)('D5 %s', (_why, thresholds, probes, expected) => {
    expect(states(thresholds, probes)).toBe(expected);
  });

  test('D5 as deployed: four in a row, and not one less', () => {
    expect(states(PROBING, '+---+---+---+----')).toBe('UUUUUUUUUUUUUUUUD');
    expect(states(PROBING, '-++++-+++++')).toBe('DDDDDDDDDDU');
  });
});

describe('R1 D5 two healthy regions that lose 10 % of their probes', () => {
  const weather = { loss: 0.1, regions: 2, intervalSeconds: PROBING.intervalSeconds };
  const HOURS = 2_000;
  const run = (down: number) =>
    simulateFlapping({ ...weather, hours: HOURS, random: seeded(1), thresholds: { ...PROBING, down } });

  test('change the membership at most twice an hour: 0.65 times on average, more than twice in one hour of 20', () => {
    const { changesAnHour, busyHours, out } = run(PROBING.down);
    expect(changesAnHour).toBeLessThan(1);
    expect(busyHours).toBeLessThan(0.06);
    expect(out).toBeLessThan(0.001);
  });

  test('would do so seven times an hour with one probe less', () => {
    expect(run(PROBING.down - 1).changesAnHour).toBeGreaterThan(2);
  });

  test.each([2, 3, 4])('with %i bad probes the simulation comes to what is calculated', (down) => {
    const expected = expectChanges({ ...weather, thresholds: { ...PROBING, down } });
    const { changesAnHour } = run(down);
    // Changes come in pairs, by chance: three deviations.
    const deviation = Math.sqrt((2 * expected) / HOURS);
    expect(Math.abs(changesAnHour - expected)).toBeLessThan(3 * deviation);
  });
});

test('R1 a region leaves every cache within 13 s of a crash and 15 s of a hang; with one probe more a crash could take 14', () => {
  expect([leavesWithin({ hangs: false }), leavesWithin({ hangs: true })]).toEqual([12, 13]);
  expect(leavesWithin({ hangs: false, down: PROBING.down + 1 })).toBe(14);
});
