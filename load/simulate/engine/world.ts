import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** How bad a run is: drawn once for it, so that some runs are bad in one way only. Probabilities. */
export interface Weather {
  /** Of a message in the network: late by up to seconds. */
  readonly late: number;
  /** Milliseconds of a message that is not late, at most: where all is slow, more is under way when something breaks. */
  readonly travelMs: number;
  /** Of a statement: its connection is cut under way. */
  readonly cut: number;
  /** Of a request to the broker, and of its acknowledgement: it is lost. */
  readonly drop: number;
  /** How often a producer asks before it gives up: not a probability. */
  readonly attempts: number;
  /** Of a transaction: rolled back by its writer. */
  readonly rollback: number;
}

/** Between two steps of which either may be the last: where a fault does most. */
export const MOMENTS = ['committed', 'claimed', 'sending', 'stored', 'booked'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What all models of a run share. */
export interface World {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly weather: Weather;
  /** Faults have ended: from here on all that was committed must arrive. */
  calm: boolean;
  /** Notes what happens; without a listener the line is not even put together. */
  trace(line: () => string): void;
  /** Says that a moment has come, for the faults that wait for it. */
  happened(moment: Moment): void;
  /** Does something when a moment comes for the `nth` time from now. */
  when(at: { readonly moment: Moment; readonly nth: number }, action: () => void): void;
}

/** Milliseconds that a message is under way. */
export function travelMs({ chance, weather, calm }: World): number {
  if (!calm && chance.happens(weather.late)) return chance.between(20, 900);
  return chance.between(0.2, calm ? 3 : weather.travelMs);
}

/** Whether a fault of this probability happens now. */
export const strikes = ({ chance, calm }: World, probability: number): boolean => !calm && chance.happens(probability);

/** The two sides of moments. */
export function createMoments(): Pick<World, 'happened' | 'when'> {
  let waiting: { readonly moment: Moment; left: number; readonly action: () => void }[] = [];
  return {
    happened(moment) {
      for (const one of waiting) if (one.moment === moment) one.left -= 1;
      const due = waiting.filter(({ left }) => left === 0);
      waiting = waiting.filter(({ left }) => left > 0);
      for (const { action } of due) action();
    },
    when: ({ moment, nth }, action) => void waiting.push({ moment, left: nth, action }),
  };
}
