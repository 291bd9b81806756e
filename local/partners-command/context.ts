import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Regions } from '../find-regions.ts';
import type { Terminal } from '../terminal.ts';

/** All that a verb may touch. */
export interface PartnersContext extends Terminal, Regions {
  readonly now: () => Date;
  readonly wait: Wait;
  readonly randomBytes: (length: number) => Buffer;
  /** Aborts when a region has not answered for too long. */
  readonly deadline: () => AbortSignal;
}
