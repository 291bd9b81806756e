import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { periodAfter } from './period-of.ts';

/** A span of time, its end not in it. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** When a month of Moscow begins and ends. */
export const spanOf = (period: string): Span => ({
  from: moscowMidnight(`${period}-01`),
  to: moscowMidnight(`${periodAfter(period)}-01`),
});
