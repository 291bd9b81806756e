import type { Metric, Registry } from 'prom-client';

/** Durations of one kind. */
export interface Tally {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  add(ms: number): void;
}

interface Named {
  readonly name: string;
  readonly help: string;
  /** Upper bounds of the buckets, ms, each included; shown in seconds. */
  readonly boundsMs: readonly number[];
}

/**
 * A histogram whose series are counted in plain numbers and put together when they are asked for. prom-client's own costs a
 * request 1 us with its counter, a twentieth of what the edge has for a cached quote.
 */
export function registerTallies(registry: Registry, { name, help, boundsMs }: Named) {
  const tallies: (Tally & { values(): readonly Value[] })[] = [];
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: tallies.flatMap((t) => t.values()) }),
    reset: () => tallies.splice(0),
  };
  registry.registerMetric(metric as unknown as Metric);
  return {
    /** One series. Its labels must come from a short list. */
    start(labels: Tally['labels']): Tally {
      const tally = createTally(labels, { name, boundsMs });
      tallies.push(tally);
      return tally;
    },
  };
}

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function createTally(labels: Tally['labels'], { name, boundsMs }: Pick<Named, 'name' | 'boundsMs'>) {
  /** Not cumulative; the last is of what is longer than every bound. */
  const counts = boundsMs.map(() => 0).concat(0);
  let [count, sumMs] = [0, 0];
  return {
    labels,
    get count() {
      return count;
    },
    add(ms: number) {
      let bucket = 0;
      while (bucket < boundsMs.length && ms > Number(boundsMs[bucket])) bucket += 1;
      counts[bucket] = Number(counts[bucket]) + 1;
      count += 1;
      sumMs += ms;
    },
    values(): readonly Value[] {
      let upTo = 0;
      const buckets = boundsMs.map((bound, index) => {
        upTo += Number(counts[index]);
        return { metricName: `${name}_bucket`, labels: { le: bound / 1_000, ...labels }, value: upTo };
      });
      return [
        ...buckets,
        { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
        { metricName: `${name}_sum`, labels, value: sumMs / 1_000 },
        { metricName: `${name}_count`, labels, value: count },
      ];
    },
  };
}
