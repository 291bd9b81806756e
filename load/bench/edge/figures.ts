import type { Figure } from '../bench.ts';
import { perRound } from '../figure.ts';

export { ROUNDS } from '../rounds.ts';

export const asFigure = (figure: string, unit: string, values: readonly number[]): Figure => ({ figure, unit, values });

/** Of each round's two values. */
export const ratio = (figure: string, of: readonly number[], to: readonly number[]): Figure => ({
  figure,
  unit: 'ratio',
  values: perRound(of, to),
});
