import type { EdgeContext, Origin } from './context.ts';
import { type Flight, joinFlight, startFlight } from './flight.ts';

/** Work done once for all who ask for the same key while it is under way. */
export interface SingleFlight<Result> {
  isUnderWay(key: string): boolean;
  /** `joined` says that somebody else had started it. */
  run(key: string, begin: Beginning<Result>): Promise<{ result: Result; joined: boolean }>;
}

interface Beginning<Result> {
  origin: Pick<Origin, 'background'>;
  start: () => Promise<Result>;
}

export function singleFlight<Result>(ctx: Pick<EdgeContext, 'pause'>): SingleFlight<Result> {
  const flights = new Map<string, Flight<Result>>();
  return {
    isUnderWay: (key) => flights.has(key),
    async run(key, { origin, start }) {
      const known = flights.get(key);
      if (known) return { result: await joinFlight(ctx, known), joined: true };
      const work = start().finally(() => flights.delete(key));
      flights.set(key, startFlight(work));
      origin.background(work);
      return { result: await work, joined: false };
    },
  };
}
