/** How long each part of a run is, s, and what is offered in it. */
export interface Plan {
  readonly rounds: number;
  /** Searches a second that are known to be borne; found first where it is not given. */
  readonly capacity?: number;
  readonly unloadedSeconds: number;
  readonly peakSeconds: number;
  readonly floodSeconds: number;
  readonly recoverySeconds: number;
  /** Region and crowd have a processor each. */
  readonly isPinned: boolean;
}

/** Of a capacity. */
export const TIMES = { unloaded: 0.5, peak: 1, flood: 10 } as const;
/** R6's peak twice over: far less than a region bears. */
export const PURCHASES_PER_SECOND = 20;
/** The flood's beginning, told apart too: some are let in until it is seen. */
export const ONSET_SECONDS = 2;
