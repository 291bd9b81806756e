/** A line of the table at the end. */
export type Line = readonly [what: string, value: string | number];

/** What a drill may touch besides its stand. */
export interface DrillContext {
  /** Tells how far it is. */
  readonly say: (message: string) => void;
  /** Ctrl-C: the drill ends all that it started, and itself. */
  readonly signal: AbortSignal;
}

/** What became of a drill. Anything in `faults` fails it. */
export interface Outcome {
  readonly lines: readonly Line[];
  readonly faults: readonly string[];
}

/** The lines as a table. */
export function tableOf(lines: readonly Line[]): string[] {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, value]) => `${what.padEnd(width)}  ${value}`);
}
