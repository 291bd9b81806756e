import type { Figure } from './bench.ts';

/** What all figures of a measurement share. */
export interface Measurement {
  /** The name of its A/A figure: what the thing differs from itself by, in the same run. */
  readonly control?: string;
  /** What was checked of it, in words: a figure is void without. */
  readonly gate: string;
}

/** Makes the figures of a measurement, each with its gate, and its control on all that compare. */
export function measured({ control, gate }: Measurement) {
  const figure = (name: string, unit: string, values: readonly number[]): Figure => ({
    figure: name,
    unit,
    values,
    gate,
    ...(control !== undefined && control !== name && compares(unit, name) && { control }),
  });
  return {
    figure,
    rate: (name: string, values: readonly number[]): Figure => figure(name, '1/s', values),
    /** Of each round's two values. */
    ratio: (name: string, of: readonly number[], to: readonly number[]): Figure =>
      figure(name, 'ratio', perRound(of, to)),
  };
}

/** A control is no measurement of its own, and a rate alone compares nothing. */
const compares = (unit: string, name: string): boolean => unit === 'ratio' && !name.startsWith('A/A');

export const perRound = (of: readonly number[], to: readonly number[]): number[] =>
  of.map((value, round) => value / (to[round] ?? Number.NaN));
