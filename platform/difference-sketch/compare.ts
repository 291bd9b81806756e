import { CELLS, countAt, locate, mix, SUM_BYTES } from './cells.ts';
import { type Operation, readOperation } from './operation.ts';
import type { Sketch } from './sketch.ts';

/** In what two sets of operations differ. A policy whose amounts differ is on both sides. */
export interface SetDifference {
  readonly onlyInFirst: readonly Operation[];
  readonly onlyInSecond: readonly Operation[];
  /** False when there is more than could be read; what is told is true all the same, unless a sketch's text was altered. */
  readonly complete: boolean;
}

interface Found {
  readonly operation: Operation;
  /** 1: of the first, -1: of the second. */
  readonly side: number;
}

/**
 * The operations in which two sketches of a region differ. Read of 40 differences are all but 5 of 100,000, of 60 hardly
 * any. A cell that holds one operation alone gives it away; taken out of its other cells, it leaves others alone there.
 */
export function compare(first: Sketch, second: Sketch, { region }: { region: string }): SetDifference {
  const table = subtract(first, second);
  const found = new Map<string, Found>();
  const unread = [...CELLS];
  for (let cell = unread.pop(); cell !== undefined; cell = unread.pop()) {
    const alone = readAlone(table, cell, region);
    if (!alone) continue;
    const { sum, cells, operation, side } = alone;
    for (const other of cells) mix(table, other, { sum, times: -side });
    unread.push(...cells);
    const key = sum.toString('latin1');
    // Found before, it is a contradiction, of an altered text: believed neither time, and nothing after it.
    if (found.delete(key)) return told(found, false);
    found.set(key, { operation, side });
  }
  return told(
    found,
    table.every((byte) => byte === 0),
  );
}

/** What is in one table and not in the other; counts of the second are below zero. */
function subtract(first: Sketch, second: Sketch): Buffer {
  const table = Buffer.from(first.table);
  const taken = Buffer.from(second.table);
  for (const cell of CELLS) {
    mix(table, cell, { sum: taken.subarray(cell, cell + SUM_BYTES), times: -countAt(taken, cell) });
  }
  return table;
}

/** The operation that is alone in a cell: its count says so, its check fits, and the cell is one of its own. */
function readAlone(table: Buffer, cell: number, region: string) {
  const side = countAt(table, cell);
  if (Math.abs(side) !== 1) return undefined;
  const stored = table.subarray(cell, cell + SUM_BYTES);
  const operation = readOperation(stored, { region });
  const sum = Buffer.from(stored);
  const cells = locate(sum);
  return operation && sum.equals(stored) && cells.includes(cell) ? { sum, cells, operation, side } : undefined;
}

function told(found: ReadonlyMap<string, Found>, complete: boolean): SetDifference {
  const of = (side: number) => [...found.values()].filter((one) => one.side === side).map(({ operation }) => operation);
  return { onlyInFirst: of(1), onlyInSecond: of(-1), complete };
}
