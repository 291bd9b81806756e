import { PROBING, SETTLE_SECONDS, TTL } from './probing.ts';

/** A resolver counts in whole seconds: what it may keep for 2 it may keep until almost 3. */
const ROUNDING_SECONDS = 1;

/** How long after a fault the last answer with a region's address may still be in a cache, seconds; `hangs`: every probe waits to its end. */
export function leavesWithin(fault: { readonly hangs: boolean; readonly down?: number }): number {
  const { intervalSeconds, timeoutSeconds } = PROBING;
  const { down = PROBING.down } = fault;
  // The first bad probe begins an interval after the fault at the latest; each of the others an interval after it.
  const seen = down * intervalSeconds + (fault.hangs ? timeoutSeconds : 0) + SETTLE_SECONDS;
  // One bad probe before the end gdnsd promises its answers for one interval, and no less than the least.
  return seen + Math.max(TTL.least, Math.min(TTL.most, intervalSeconds)) + ROUNDING_SECONDS;
}
