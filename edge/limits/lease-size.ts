/** What is known of a caller when tokens are to be leased for it. */
export interface Demand {
  /** Of the second for which tokens are leased. */
  readonly quota: number;
  /** Requests of this caller that were admitted here in a second, lately. */
  readonly perSecond: number;
  /** What is left of the second, ms. */
  readonly leftMs: number;
}

/** A lease covers this much of what a caller does here, ms; the next is fetched when half is used. */
const COVERS_MS = 200;

/** The least that a call to the store buys: a fiftieth of the limit, 1 to 200 tokens. */
export function leastLease(quota: number): number {
  return Math.min(200, Math.max(1, Math.floor(quota / 50)));
}

/**
 * Tokens taken from the store at a time. Who asks more takes more, so that calls do not grow with the requests; what an
 * isolate may have taken in vain when a second ends is no more than what it would have used in 200 ms.
 */
export function leaseSize({ quota, perSecond, leftMs }: Demand): number {
  const ahead = Math.floor((perSecond * Math.min(COVERS_MS, leftMs)) / 1_000);
  return Math.max(leastLease(quota), ahead);
}
