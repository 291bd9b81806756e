import type { EdgeContext } from './context.ts';

/** Work that others may wait for too. */
export interface Flight<Result> {
  readonly work: Promise<Result>;
  outcome: { readonly result: Result } | { readonly error: unknown } | undefined;
}

/** A call is given up after 10 s; what takes longer than this, ms, was ended by the runtime together with its request. */
const MOST_MS = 12_000;
const MOST_PAUSE_MS = 8;

export function startFlight<Result>(work: Promise<Result>): Flight<Result> {
  const flight: Flight<Result> = { work, outcome: undefined };
  work.then(
    (result) => {
      flight.outcome = { result };
    },
    (error: unknown) => {
      flight.outcome = { error };
    },
  );
  return flight;
}

/**
 * Waits for work that another request began. On workerd a promise belongs to its request: who awaits another's may be taken
 * for hung, or go on as that other, and is answered 500. There a joiner looks whether it is done, with timers of its own.
 */
export async function joinFlight<Result>(
  { pause }: Pick<EdgeContext, 'pause'>,
  flight: Flight<Result>,
): Promise<Result> {
  if (!pause) return flight.work;
  let waitedMs = 0;
  for (let ms = 1; !flight.outcome; ms = Math.min(MOST_PAUSE_MS, 2 * ms)) {
    if (waitedMs > MOST_MS) throw new Error('The work of another request was waited for in vain');
    await pause(ms);
    waitedMs += ms;
  }
  if ('error' in flight.outcome) throw flight.outcome.error;
  return flight.outcome.result;
}
