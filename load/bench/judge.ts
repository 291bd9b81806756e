import type { Goal } from './goals.ts';
import type { Summary } from './summarise.ts';

/** Whether a goal is reached. A difference that the thing has to itself in the same run tells neither. */
export type Verdict = 'held' | 'falls short' | 'cannot be told';

/**
 * Judges what is told of a figure. It cannot be told while the range of the A/A, with what it should be (1 of a ratio, else
 * 0), is wider than the distance to the goal: a ratio of a thing to itself is a share of the value, any other A/A is in the
 * figure's own unit. Undefined without a goal.
 */
export function judge(goal: Goal, found: Summary, control?: Summary): Verdict | undefined {
  const bound = goal.atLeast ?? goal.atMost;
  if (bound === undefined) return undefined;
  const value = goal.of === 'p99' ? found.p99 : found.median;
  if (value === undefined || Number.isNaN(value)) return 'cannot be told';
  if (noiseOf(value, control) > Math.abs(value - bound)) return 'cannot be told';
  const isHeld = goal.atLeast === undefined ? value <= bound : value >= bound;
  return isHeld ? 'held' : 'falls short';
}

function noiseOf(value: number, control?: Summary): number {
  if (!control) return 0;
  const isRatio = control.unit === 'ratio';
  const same = isRatio ? 1 : 0;
  const range = Math.max(same, control.max) - Math.min(same, control.min);
  return isRatio ? range * Math.abs(value) : range;
}
