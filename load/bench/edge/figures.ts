import type { Figure } from '../bench.ts';

/** Of each measurement. */
export const ROUNDS = 5;

export const asFigure = (figure: string, unit: string, values: readonly number[]): Figure => ({ figure, unit, values });

/** Of each round's two values. */
export const ratio = (figure: string, of: readonly number[], to: readonly number[]): Figure => ({
  figure,
  unit: 'ratio',
  values: of.map((value, round) => value / (to[round] ?? Number.NaN)),
});
