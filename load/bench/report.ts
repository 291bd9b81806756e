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

/**
 * Tells the figures of a benchmark. Throws when one names an A/A figure that is not there, or when a goal of the benchmark
 * has no figure: it would never be judged.
 */
export function reportFigures(bench: string, figures: readonly Figure[]): Reported[] {
  const named = new Map(figures.map((figure) => [figure.figure, summarise(figure)]));
  const missing = GOALS.filter((goal) => goal.bench === bench && !named.has(goal.figure));
  if (missing.length > 0) {
    throw new Error(
      `${bench} has a goal for what it does not measure: ${missing.map(({ figure }) => figure).join('; ')}`,
    );
  }
  return figures.map(({ figure, control: name, gate, ...rest }) => {
    const control = name === undefined ? undefined : named.get(name);
    if (name !== undefined && !control) throw new Error(`${bench}: the A/A of "${figure}", "${name}", is not measured`);
    const found = summarise({ figure, ...rest });
    const goal = goalOf(bench, figure);
    const verdict = goal && judge(goal, found, control);
    return {
      ...found,
      ...(control && { control }),
      ...(gate !== undefined && { gate }),
      ...(goal && verdict && { goal: boundOf(goal), verdict }),
    };
  });
}
