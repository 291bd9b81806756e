/** A call earns a tenth of a retry ... */
const CALLS_PER_RETRY = 10;
/** ... and so many are kept at most: enough for the connections that a restart of core breaks at once. */
const MOST_RETRIES = 10;

export interface RetryBudget {
  /** Counts a call. */
  earn(): void;
  /** Takes a retry; false when there is none. */
  spend(): boolean;
}

/** Lets retries be a tenth of all calls, so that a core in trouble is not asked twice as much for it. */
export function createRetryBudget(): RetryBudget {
  let calls = MOST_RETRIES * CALLS_PER_RETRY;
  return {
    earn() {
      calls = Math.min(calls + 1, MOST_RETRIES * CALLS_PER_RETRY);
    },
    spend() {
      if (calls < CALLS_PER_RETRY) return false;
      calls -= CALLS_PER_RETRY;
      return true;
    },
  };
}
