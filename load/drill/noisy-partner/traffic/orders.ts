import type { Asked, Probe } from '../asked.ts';
import type { CallerName, PartnerName, RegionName } from '../callers.ts';
import type { Book } from './book.ts';

/** Somebody who asks one region at an even pace. */
export interface StreamPlan {
  readonly caller: CallerName;
  readonly does: 'quote' | 'sale';
  readonly region: RegionName;
  readonly perSecond: number;
}

/** What a process that makes traffic is to do. */
export interface TrafficPlan {
  readonly offsetMs: number;
  readonly urls: Readonly<Record<RegionName, string>>;
  readonly keys: Readonly<Record<PartnerName, string>>;
  readonly streams: readonly StreamPlan[];
  /** Whether to test `Retry-After` besides. */
  readonly probes: boolean;
  readonly seed: number;
}

/** Told to the process: what begins, what goes on from now on and whether its streams are sending, and that it is over. */
export type Order =
  | { readonly begin: TrafficPlan }
  | { readonly slice: string; readonly isOn: boolean }
  | { readonly finish: true };

/** What the process answers at the end. */
export interface Traffic extends Book {
  readonly asked: readonly Asked[];
  readonly probes: readonly Probe[];
}
