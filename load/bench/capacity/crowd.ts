/** What a crowd does: requests that are due at an even pace, whatever became of those before. */
export interface Order {
  /** Of the edge. */
  readonly port: number;
  /** Used in turn. */
  readonly keys: readonly string[];
  readonly seconds: number;
  readonly searchesPerSecond: number;
  /** 0 to 1: searches for a risk that nobody asked for before; the others are for one of 60 that all ask for. */
  readonly freshShare: number;
  /** 0 to 1: searches after which the cheapest offer is bought. */
  readonly buyShare: number;
  /** Purchases besides, of offers that were got before. */
  readonly purchasesPerSecond: number;
}

/** What became of the requests that were due in one second. */
export interface Slice {
  readonly offered: number;
  /** Answers by status; `0` for none. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of each 200 or 201, from when it was due until its last byte, ms. Of a purchase after a search, from when it was sent. */
  readonly waitedMs: readonly number[];
  /** Of each 503, the same. */
  readonly shedMs: readonly number[];
  /** 503 that did not say when to come again. */
  readonly withoutRetryAfter: number;
}

export interface Seen {
  readonly searches: readonly Slice[];
  readonly purchases: readonly Slice[];
  /** Ids of the policies that were acknowledged. */
  readonly policies: readonly string[];
  /** Kopecks of their premiums. */
  readonly premiumMinor: number;
  /** Processor time that asking took, s. */
  readonly cpuSeconds: number;
  /** The first answer that was not right. */
  readonly wrong?: string | undefined;
}

/** All slices as one. */
export function sumOf(slices: readonly Slice[]): Slice {
  const statuses: Record<string, number> = {};
  for (const slice of slices)
    for (const [status, count] of Object.entries(slice.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  return {
    offered: slices.reduce((sum, { offered }) => sum + offered, 0),
    statuses,
    waitedMs: slices.flatMap(({ waitedMs }) => waitedMs),
    shedMs: slices.flatMap(({ shedMs }) => shedMs),
    withoutRetryAfter: slices.reduce((sum, slice) => sum + slice.withoutRetryAfter, 0),
  };
}
