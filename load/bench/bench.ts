/** What was found of one thing: a value for each repeat, in the order they were measured. */
export interface Figure {
  readonly figure: string;
  /** `ms`, `us`, `1/s`, `MiB`, `%`. */
  readonly unit: string;
  readonly values: readonly number[];
}

/** All that a benchmark may touch besides what it measures. */
export interface BenchContext {
  /** Tells how far it is. */
  readonly say: (message: string) => void;
  /** Ctrl-C: what was changed for the measurement is restored, and the benchmark ends. */
  readonly signal: AbortSignal;
}

/**
 * Measures, and checks that what it measured was right; nothing is asserted of how long it took. Throws a sentence when
 * what it needs does not run, or when something was not right.
 */
export type Bench = (ctx: BenchContext) => Promise<readonly Figure[]>;
