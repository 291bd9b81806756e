import type { Outcome } from './attack.ts';
import { CHARGES, type Verdict } from './judge.ts';

/** Rows as lines of one table, the first column to the left. */
export function tableOf(rows: readonly (readonly (string | number)[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? String(cell).padEnd(widths[column] ?? 0) : String(cell).padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

export const HEAD = ['', 'events', 'records', ...CHARGES, 'kills', 'ended', 'frozen', 'cuts', 'dropped', 'seconds'];

export const rowOf = (name: string, outcome: Outcome): (string | number)[] => [
  name,
  outcome.events,
  outcome.records,
  ...CHARGES.map((charge) => outcome.verdict[charge].length),
  outcome.kills,
  outcome.ended,
  outcome.frozen,
  outcome.cuts,
  outcome.dropped,
  outcome.seconds.toFixed(0),
];

/** Sentences of each charge that are told; the rest are counted. */
const MOST_SENTENCES = 5;

export const sentencesOf = (verdict: Verdict): string[] =>
  CHARGES.flatMap((charge) => verdict[charge].slice(0, MOST_SENTENCES).map((sentence) => `${charge}: ${sentence}`));
