import { Gauge, type Registry } from 'prom-client';

/** One series of a gauge, as it is now. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

interface Observed {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** What there is to tell now. When it rejects or takes too long, nothing is told. */
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** What a scrape waits for one reading, ms: whatever hangs, all else must be told, and most of all then. */
const PATIENCE_MS = 1_000;

/**
 * A gauge that is read when it is asked for. Its series are those of the reading alone; without one there are none, because
 * an old figure, or a zero, would be believed. One reading at a time: scrapes of a database that hangs must not fill its pool.
 */
export function observeGauge(registry: Registry, { name, help, labelNames = [], read }: Observed): void {
  let underWay: Promise<readonly Sample[]> | undefined;
  const reading = () => {
    underWay ??= Promise.try(read)
      .catch(() => [])
      .finally(() => {
        underWay = undefined;
      });
    return underWay;
  };
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const samples = await inTime(reading());
      this.reset();
      // Of a gauge without labels a reset leaves a zero.
      if (labelNames.length === 0) this.remove();
      for (const { labels = {}, value } of samples) this.set(labels, value);
    },
  });
}

function inTime(reading: Promise<readonly Sample[]>): Promise<readonly Sample[]> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, []);
    void reading.then((samples) => {
      clearTimeout(timer);
      resolve(samples);
    });
  });
}
