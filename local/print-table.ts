/** Where the columns of a table begin and end. */
export interface Layout {
  readonly widths: readonly number[];
  /** Of a column: its text begins at the left. */
  readonly left: readonly boolean[];
}

/** Lays out the columns for these rows; the first are the titles, and those named in `left` are of text, not of numbers. */
export function layOut(rows: readonly (readonly string[])[], left: readonly string[] = []): Layout {
  const titles = rows[0] ?? [];
  return {
    widths: titles.map((_, column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0)),
    left: titles.map((title) => left.includes(title)),
  };
}

/** A row as a line. A cell that is longer than its column moves what is behind it. */
export function rowLine(row: readonly string[], { widths, left }: Layout): string {
  const cells = row.map((cell, column) => {
    const width = widths[column] ?? 0;
    return left[column] ? visible(cell).padEnd(width) : visible(cell).padStart(width);
  });
  return cells.join('  ').trimEnd();
}

/** A table as lines: numbers to the right, and to the left the columns whose titles are named in `left`. */
export function table(rows: readonly (readonly string[])[], left: readonly string[] = []): string[] {
  const layout = layOut(rows, left);
  return rows.map((row) => rowLine(row, layout));
}

/** Texts may come from anywhere: none may steer the terminal. */
export const visible = (text: string): string => text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{FFFD}');
