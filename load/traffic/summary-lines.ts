import { gateText, judgeSeries, type Measured, NOTHING } from './judge-series.ts';
import type { Gate, RunPlan } from './plan-run.ts';

const TITLES = ['requests', 'count', 'failed', 'let in', 'p50', 'p95', 'p99 ms', 'must hold', 'held'];
const TEXT = ['requests', 'must hold', 'held'];

/** What was measured beside what must hold, as a table. */
export function summaryLines({ gates }: RunPlan, measured: ReadonlyMap<string, Measured>): string[] {
  const rows = gates.map((gate) => {
    const seen = measured.get(gate.series) ?? NOTHING;
    const faults = judgeSeries(gate, seen);
    return [
      gate.series,
      String(seen.count),
      String(seen.failed),
      String(seen.admitted),
      ...[seen.p50Ms, seen.p95Ms, seen.p99Ms].map((ms) => ms.toFixed(1)),
      gateText(gate),
      heldText(gate, faults),
    ];
  });
  return laidOut([TITLES, ...rows]);
}

function heldText({ isJudged }: Gate, faults: readonly string[]): string {
  if (!isJudged) return '-';
  return faults.length === 0 ? 'yes' : `NO: ${faults.join(', ')}`;
}

/** Numbers to the right. k6 lacks what `local/print-table.ts` needs. */
function laidOut(rows: readonly (readonly string[])[]): string[] {
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return TEXT.includes(TITLES[column] ?? '') ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells.join('  ').trimEnd();
  });
}
