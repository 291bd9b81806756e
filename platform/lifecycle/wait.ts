import { setTimeout as timer } from 'node:timers/promises';

/** Waits, or returns at once when `signal` aborts; never rejects. Passed in through `ctx`, so that tests own time. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const wait: Wait = async (ms, signal) => {
  await timer(ms, undefined, { signal, ref: true }).catch(() => undefined);
};
