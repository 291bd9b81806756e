/** By how many per cent each value differs from the one of the same round before it. */
export const changePercent = (before: readonly number[], after: readonly number[]): number[] =>
  after.map((value, round) => 100 * (value / (before[round] ?? Number.NaN) - 1));
