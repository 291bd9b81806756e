import type { Figure } from './bench.ts';
import { median } from './median.ts';
import { percentile } from './percentile.ts';

/** Of fewer values the 99th percentile is their maximum. */
const ENOUGH_FOR_P99 = 100;

/** What is told of a figure. */
export interface Summary {
  readonly figure: string;
  readonly unit: string;
  readonly repeats: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Only of 100 values and more. */
  readonly p99?: number;
}

export function summarise({ figure, unit, values }: Figure): Summary {
  return {
    figure,
    unit,
    repeats: values.length,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    ...(values.length >= ENOUGH_FOR_P99 && { p99: percentile(values, 0.99) }),
  };
}
