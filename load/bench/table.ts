import type { Reported } from './report.ts';
import { tellNumber } from './tell-number.ts';

const HEAD = ['figure', 'median', 'p99', 'min', 'max', 'unit', 'repeats', 'A/A', 'goal', 'held'];
/** Text to the left, numbers to the right. */
const TEXT = new Set([0, 5, 7, 8, 9]);

/** The figures as lines of one table. */
export function table(figures: readonly Reported[]): string[] {
  const rows = figures.map(({ figure, median, p99, min, max, unit, repeats, control, goal, verdict }) => [
    figure,
    tellNumber(median),
    p99 === undefined ? '' : tellNumber(p99),
    tellNumber(min),
    tellNumber(max),
    unit,
    String(repeats),
    control ? rangeOf(control) : '',
    goal ?? '',
    verdict ?? '',
  ]);
  const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      TEXT.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return [HEAD, ...rows].map((row) => line(row).join('  ').trimEnd());
}

/** `0.95 to 1.05` */
export const rangeOf = ({ min, max }: { min: number; max: number }): string =>
  `${tellNumber(min)} to ${tellNumber(max)}`;

/** What was checked, each once, with how many figures rest on it. */
export function gatesOf(figures: readonly Reported[]): string[] {
  const counts = Map.groupBy(figures, ({ gate }) => gate ?? 'nothing');
  return [...counts].map(([gate, resting]) => `checked, of ${resting.length}: ${gate}`);
}
