import { createProbeState } from './probe-state.ts';
import type { Thresholds } from './probing.ts';

export interface Weather {
  readonly thresholds: Thresholds;
  /** Share of probes that are lost though the region is healthy, each by itself. */
  readonly loss: number;
  readonly regions: number;
  readonly hours: number;
  readonly intervalSeconds: number;
  readonly random: () => number;
}

/** What became of the membership; a change is a region that leaves or comes back. */
export interface Flapping {
  readonly changesAnHour: number;
  /** Share of the hours with more than two. */
  readonly busyHours: number;
  readonly worstHour: number;
  /** Share of a region's time out of the answers. */
  readonly out: number;
}

/** Healthy regions whose probes are lost by chance, hour after hour. */
export function simulateFlapping({ thresholds, loss, regions, hours, intervalSeconds, random }: Weather): Flapping {
  const states = Array.from({ length: regions }, () => createProbeState(thresholds, true));
  const probes = Math.round(3_600 / intervalSeconds);
  let [all, worstHour, busy, out] = [0, 0, 0, 0];
  for (let hour = 0; hour < hours; hour += 1) {
    let changes = 0;
    for (let probe = 0; probe < probes; probe += 1)
      for (const state of states) {
        const before = state.isUp();
        state.tell(random() >= loss);
        if (state.isUp() !== before) changes += 1;
        if (!state.isUp()) out += 1;
      }
    all += changes;
    worstHour = Math.max(worstHour, changes);
    if (changes > 2) busy += 1;
  }
  return { changesAnHour: all / hours, busyHours: busy / hours, worstHour, out: out / (hours * probes * regions) };
}

/**
 * The same by calculation, where one good probe makes bad ones forgotten (`ok` of 1): a run of n events of chance p is
 * waited for (p^-n - 1) / (1 - p) probes on average, and each time down is one change and each time up another.
 */
export function expectChanges({
  thresholds,
  loss,
  regions,
  intervalSeconds,
}: Omit<Weather, 'hours' | 'random'>): number {
  if (thresholds.ok !== 1) throw new Error(`ok is ${thresholds.ok} but must be 1 here`);
  const waitFor = (run: number, chance: number) => (chance ** -run - 1) / (1 - chance);
  const cycle = waitFor(thresholds.down, loss) + waitFor(thresholds.up, 1 - loss);
  return (regions * 2 * (3_600 / intervalSeconds)) / cycle;
}
