import type { Figure } from './bench.ts';
import { boundOf, GOALS, goalOf } from './goals.ts';
import { judge, type Verdict } from './judge.ts';
import type { Machine } from './machine.ts';
import { type Summary, summarise } from './summarise.ts';

/** A figure as it is told: with what it differs from itself by, what was checked, and its goal. */
export interface Reported extends Summary {
  readonly control?: Summary;
  readonly gate?: string;
  /** `at least 0.85` */
  readonly goal?: string;
  readonly verdict?: Verdict;
}

/** What a benchmark found, where and on what. */
export interface Report {
  readonly name: string;
  readonly machine: Machine;
  /** Of each measurement; undefined for as many as the benchmark takes by itself. */
  readonly rounds?: number;
  readonly figures: readonly Reported[];
}

/** Tells the figures of a benchmark. */
export function reportFigures(bench: string, figures: readonly Figure[]): Reported[] {
  const named = new Map(figures.map((figure) => [figure.figure, summarise(figure)]));
  return figures.map((figure) => {
    const { control: name, gate } = figure;
    const control = name === undefined ? undefined : named.get(name);
    return judged(bench, {
      ...summarise(figure),
      ...(control && { control }),
      ...(gate !== undefined && { gate }),
    });
  });
}

/** A figure beside its goal of today, whatever it was judged by before. */
export function judged(bench: string, { goal: _goal, verdict: _verdict, ...found }: Reported): Reported {
  const goal = goalOf(bench, found.figure);
  const verdict = goal && judge(goal, found, found.control);
  return { ...found, ...(goal && verdict && { goal: boundOf(goal), verdict }) };
}

/**
 * Throws when a goal of the benchmark has no figure, or a figure names an A/A that is not there: it would never be judged,
 * or as if there were no noise.
 */
export function requireComplete(bench: string, figures: readonly Figure[]): void {
  const names = new Set(figures.map(({ figure }) => figure));
  const missing = GOALS.filter((goal) => goal.bench === bench && !names.has(goal.figure));
  if (missing.length > 0) {
    throw new Error(`There is a goal for what is not measured: ${missing.map(({ figure }) => figure).join('; ')}`);
  }
  const alone = figures.filter(({ control }) => control !== undefined && !names.has(control));
  if (alone.length > 0) {
    throw new Error(
      `The A/A is not measured of ${alone.map(({ figure, control }) => `${figure} (${control})`).join('; ')}`,
    );
  }
}
