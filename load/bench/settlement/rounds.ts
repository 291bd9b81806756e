import { POLICIES } from '#contracts/topics.ts';
import type { Figure } from '../bench.ts';

/** Of each measurement. */
export const ROUNDS = 5;
/** Events of a batch: a page of the relay's. */
export const PAGE = 500;
/** At once, each in its order, as a consumer is handed them. */
export const PARTITIONS: number = POLICIES.partitions;

export const rate = (figure: string, values: readonly number[]): Figure => ({ figure, unit: '1/s', values });

/** Of each round's two values. */
export const ratio = (figure: string, of: readonly number[], to: readonly number[]): Figure => ({
  figure,
  unit: 'ratio',
  values: of.map((value, round) => value / (to[round] ?? Number.NaN)),
});
