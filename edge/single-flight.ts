import type { Origin } from './context.ts';

/** Work done once for all who ask for the same key while it is under way. */
export interface SingleFlight<Result> {
  isUnderWay(key: string): boolean;
  /** `joined` says that somebody else had started it. */
  run(key: string, flight: Flight<Result>): Promise<{ result: Result; joined: boolean }>;
}

interface Flight<Result> {
  origin: Pick<Origin, 'background'>;
  start: () => Promise<Result>;
}

export function singleFlight<Result>(): SingleFlight<Result> {
  const flights = new Map<string, Promise<Result>>();
  return {
    isUnderWay: (key) => flights.has(key),
    async run(key, { origin, start }) {
      const known = flights.get(key);
      if (known) return { result: await known, joined: true };
      const flight = start().finally(() => flights.delete(key));
      flights.set(key, flight);
      origin.background(flight);
      return { result: await flight, joined: false };
    },
  };
}
