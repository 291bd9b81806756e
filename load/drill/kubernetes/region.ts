import type { Cluster } from './cluster.ts';
import type { MemoryUse } from './memory-use.ts';
import type { Site } from './traffic.ts';

/** What the parts that need a region work with. */
export interface Region {
  readonly cluster: Cluster;
  readonly site: Site;
  /** Before anybody asked anything. */
  readonly idle: MemoryUse;
}

/** The load under which pods come and go, of R6's peak. */
export const SHARE = 0.7;

/** Load before and after what is done to a pod, ms. */
export const SETTLE_MS = 4_000;
