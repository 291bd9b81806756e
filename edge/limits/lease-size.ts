/** Tokens taken from the store at a time: a fiftieth of the limit, so that an admitted request rarely costs a call. */
export function leaseSize(limit: number): number {
  return Math.min(200, Math.max(1, Math.floor(limit / 50)));
}
