import { median } from './median.ts';

/** The A/A of one state, a value a round: the median of every other value over the median of the rest. */
export const halves = (rounds: readonly (readonly number[])[]): number[] =>
  rounds.map((values) => {
    const [even, odd] = [0, 1].map((half) => median(values.filter((_, index) => index % 2 === half)));
    return (even ?? Number.NaN) / (odd ?? Number.NaN);
  });
