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

const HEAD = ['figure', 'median', 'p99', 'min', 'max', 'unit', 'repeats'];
/** Text to the left, numbers to the right. */
const TEXT = new Set([0, 5]);

/** The summaries as lines of one table. */
export function table(summaries: readonly Summary[]): string[] {
  const rows = summaries.map(({ figure, median: middle, p99, min, max, unit, repeats }) => [
    figure,
    number(middle),
    p99 === undefined ? '' : number(p99),
    number(min),
    number(max),
    unit,
    String(repeats),
  ]);
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      TEXT.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return [HEAD, ...rows].map((row) => line(row).join('  ').trimEnd());
}

/** Three digits say more than the noise leaves. */
function number(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return value.toFixed(size >= 10 ? 1 : 2);
}
