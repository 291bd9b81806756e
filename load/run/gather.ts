import { percentile } from '../bench/percentile.ts';
import type { Measured } from '../traffic/judge-series.ts';

/** One request: how long its answer took, undefined when there was none. */
export interface Seen {
  readonly fault: string | undefined;
  readonly isAdmitted: boolean;
  readonly ms: number | undefined;
}

/** Keeps what is seen of each series. */
export interface Gathering {
  readonly note: (series: string, seen: Seen) => void;
  readonly asked: () => number;
  readonly failed: () => number;
  readonly measured: () => Map<string, Measured>;
}

export function startGathering(): Gathering {
  const all = new Map<string, Seen[]>();
  const counts = { asked: 0, failed: 0 };
  return {
    note(series, seen) {
      counts.asked += 1;
      if (seen.fault !== undefined) counts.failed += 1;
      const list = all.get(series);
      if (list) list.push(seen);
      else all.set(series, [seen]);
    },
    asked: () => counts.asked,
    failed: () => counts.failed,
    measured: () => new Map([...all].map(([series, list]) => [series, measuredOf(list)])),
  };
}

function measuredOf(all: readonly Seen[]): Measured {
  const waits = all.flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
  const [p50Ms = 0, p95Ms = 0, p99Ms = 0] =
    waits.length === 0 ? [] : [0.5, 0.95, 0.99].map((share) => percentile(waits, share));
  return {
    count: all.length,
    failed: all.filter(({ fault }) => fault !== undefined).length,
    admitted: all.filter(({ isAdmitted }) => isAdmitted).length,
    p50Ms,
    p95Ms,
    p99Ms,
  };
}
