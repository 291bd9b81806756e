import { Counter, type Registry } from 'prom-client';
import type { Sample } from './observe-gauge.ts';

interface Counted {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** What was counted since the process began. */
  readonly read: () => readonly Sample[];
}

/** A counter that is counted elsewhere, in plain numbers, and only read here: for what happens a hundred thousand times a second. */
export function observeCounter(registry: Registry, { name, help, labelNames = [], read }: Counted): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels = {}, value } of read()) this.inc(labels, value);
    },
  });
}
