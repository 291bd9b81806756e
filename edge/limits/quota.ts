/** A part of a limit: `percent` of `limit` requests a second. */
export interface Rate {
  readonly limit: number;
  /** Whole per cent, 0 to 100. */
  readonly percent: number;
}

/** After so many seconds whole per cents of a whole limit come out even. */
const PERIOD_SECONDS = 100;
/** Somebody who has nothing to wait for is told to ask again when terms may have changed, seconds. */
const NOTHING_SECONDS = 30;

/**
 * Whole requests that a rate allows in one second of the clock. Fractions are not lost: half a request a second is one in
 * every other second, and any 100 s come to exactly `limit * percent`.
 */
export function quotaOf({ limit, percent }: Rate, second: number): number {
  const at = second % PERIOD_SECONDS;
  return upTo({ limit, percent }, at + 1) - upTo({ limit, percent }, at);
}

const upTo = ({ limit, percent }: Rate, seconds: number) => Math.floor((seconds * limit * percent) / 100);

/** Seconds from the start of `second` to that of the next one in which the rate allows anything. */
export function nextQuotaIn(rate: Rate, second: number): number {
  if (rate.limit * rate.percent >= 100) return 1;
  for (let seconds = 1; seconds <= PERIOD_SECONDS; seconds += 1) {
    if (quotaOf(rate, second + seconds) > 0) return seconds;
  }
  return NOTHING_SECONDS;
}
