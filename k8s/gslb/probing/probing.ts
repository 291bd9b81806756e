/**
 * How a region is probed, and when it goes and comes. README "How these were chosen" derives each number; gdnsd takes
 * whole seconds, and none that are shorter.
 */
export const PROBING = {
  path: '/healthz/gslb',
  intervalSeconds: 2,
  timeoutSeconds: 1,
  /** Good probes in a row that bring a region back. */
  up: 5,
  /** Good probes in a row that make bad ones forgotten. */
  ok: 1,
  /** Bad probes, not forgotten, that take a region out. */
  down: 4,
} as const;

/** Bounds of what an answer may be kept for, seconds. In between it is the time to the next possible change, as gdnsd counts it. */
export const TTL = { most: 8, least: 2 } as const;

/** gdnsd gathers what changed for so long before its answers change, seconds. */
export const SETTLE_SECONDS = 1;

export type Thresholds = Readonly<Record<'up' | 'ok' | 'down', number>>;
