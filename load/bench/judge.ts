import type { Goal } from './goals.ts';
import type { Summary } from './summarise.ts';

/** Whether a goal is reached, and whether the thing differs from itself in the same run by more than from the goal. */
export type Verdict = 'held' | 'reached, within noise' | 'missed, within noise' | 'falls short' | 'cannot be told';

/**
 * Judges what is told of a figure. It is within noise while the range of the A/A, with what it should be (1 of a ratio, else
 * 0), is wider than the distance to the goal: a ratio of a thing to itself is a share of the value, any other A/A is in the
 * figure's own unit. Too few values for a percentile tell nothing. Undefined without a goal.
 */
export function judge(goal: Goal, found: Summary, control?: Summary): Verdict | undefined {
  const bound = goal.atLeast ?? goal.atMost;
  if (bound === undefined) return undefined;
  const value = goal.of === 'p99' ? found.p99 : found.median;
  if (value === undefined || Number.isNaN(value)) return 'cannot be told';
  const isHeld = goal.atLeast === undefined ? value <= bound : value >= bound;
  if (noiseOf(value, control) > Math.abs(value - bound))
    return isHeld ? 'reached, within noise' : 'missed, within noise';
  return isHeld ? 'held' : 'falls short';
}

function noiseOf(value: number, control?: Summary): number {
  if (!control) return 0;
  const isRatio = control.unit === 'ratio';
  const same = isRatio ? 1 : 0;
  const range = Math.max(same, control.max) - Math.min(same, control.min);
  return isRatio ? range * Math.abs(value) : range;
}
