import type { Fault } from './parts.ts';
import { simulate, type Verdict } from './simulate.ts';

/** Seeds one after another, from `from` to `to` with both. */
export interface Seeds {
  readonly from: number;
  readonly to: number;
  /** Only every so-manieth of them, for one of several that share. */
  readonly step?: number;
}

export interface Swept {
  readonly runs: number;
  readonly events: number;
  /** The first run in which something broke; with it the sweep ends. */
  readonly broken?: Verdict;
}

/** Runs seeds until one breaks. */
export async function sweep(
  { from, to, step = 1 }: Seeds,
  { fault, onRun }: { fault?: Fault | undefined; onRun?: () => void } = {},
): Promise<Swept> {
  let events = 0;
  let runs = 0;
  for (let seed = from; seed <= to; seed += step) {
    const verdict = await simulate(seed, { fault });
    runs += 1;
    events += verdict.events;
    if (verdict.broken.length > 0) return { runs, events, broken: verdict };
    onRun?.();
  }
  return { runs, events };
}
