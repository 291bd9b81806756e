/** What was found of one thing: a value for each repeat, in the order they were measured. */
export interface Figure {
  readonly figure: string;
  /** `ratio`, `1/s`, `ms`, `us`, `MiB`, `%`. */
  readonly unit: string;
  readonly values: readonly number[];
  /** The figure of this benchmark that holds the thing against itself (A/A), in the same unit: what is not larger is noise. */
  readonly control?: string;
  /** What was checked while it was measured, in a short sentence. */
  readonly gate?: string;
}

/** All that a benchmark may touch besides what it measures. */
export interface BenchContext {
  /** Tells how far it is. */
  readonly say: (message: string) => void;
  /** Ctrl-C: what was changed for the measurement is restored, and the benchmark ends. */
  readonly signal: AbortSignal;
  /** How often each state is measured, when it was asked for: by default each benchmark says. */
  readonly rounds?: number;
}

/**
 * Measures, and checks that what it measured was right; nothing is asserted of how long it took. Throws a sentence when
 * what it needs does not run, or when something was not right.
 */
export type Bench = (ctx: BenchContext) => Promise<readonly Figure[]>;
