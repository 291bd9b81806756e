import type { Drain, DrainRequest } from '#contracts/drain.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { AdminState } from '../admin-state.ts';
import type { Gslb, GslbRegion } from '../read-regions.ts';

/** All that a drain may touch. Each call rejects with a sentence when nobody answers. */
export interface DrainContext {
  readonly gslb: Gslb;
  readonly adminState: AdminState;
  /** A region's core, as its operator. */
  readonly core: {
    read(region: GslbRegion): Promise<Drain>;
    set(region: GslbRegion, request: DrainRequest): Promise<Drain>;
  };
  /** The status that a region's edge answers a probe with. */
  readonly probe: (region: GslbRegion) => Promise<number>;
  /** The addresses that each name server answers now, by its name. */
  readonly answers: () => Promise<ReadonlyMap<string, readonly string[]>>;
  /** Milliseconds, from whenever. */
  readonly now: () => number;
  readonly wait: Wait;
  readonly signal: AbortSignal;
  /** Tells how far it is. */
  readonly note: (sentence: string) => void;
}

/** What became of it: `refused` and nothing is changed, or done. */
export type Outcome = { readonly status: 'done' } | { readonly status: 'refused'; readonly why: string };
