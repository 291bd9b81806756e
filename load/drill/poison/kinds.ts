import type { ParkReason } from '../../../settlement/intake/read-message.ts';
import * as ways from './ways.ts';

/** One way to be malformed, and what must come of it. */
export interface Kind {
  readonly name: string;
  readonly way: ways.Way;
  readonly reason: ParkReason;
  /** What was booked of its policy before. */
  readonly after: 'nothing' | 'issue' | 'cancellation';
  /** It says its place, and so takes a number; one that does not may or may not. */
  readonly isPlaced: boolean;
  /** It says its policy: what follows of that is parked behind it. */
  readonly isKnown: boolean;
}

const UNPLACED = { isPlaced: false, isKnown: false, after: 'nothing' } as const;
const FOREIGN = { isPlaced: false, isKnown: true, after: 'nothing' } as const;
const PLACED = { isPlaced: true, isKnown: true } as const;

const kindsOf = (wayOf: ways.Ways, fate: Omit<Kind, 'name' | 'way'>): Kind[] =>
  Object.entries(wayOf).map(([name, way]) => ({ name, way, ...fate }));

/** Every way there is, but the huge. */
export const KINDS: readonly Kind[] = [
  ...kindsOf(ways.UNREADABLE, { ...UNPLACED, reason: 'unreadable' }),
  ...kindsOf(ways.OTHER_REGION, { ...FOREIGN, reason: 'wrong-region' }),
  ...kindsOf(ways.OTHER_PARTITION, { ...FOREIGN, reason: 'wrong-partition' }),
  ...kindsOf(ways.UNKNOWN_TYPE, { ...PLACED, after: 'nothing', reason: 'unknown-type' }),
  ...kindsOf(ways.INVALID, { ...PLACED, after: 'nothing', reason: 'invalid-event' }),
  ...kindsOf(ways.SECOND_ISSUE, { ...PLACED, after: 'issue', reason: 'issued-twice' }),
  ...kindsOf(ways.CONTRADICTION, { ...PLACED, after: 'issue', reason: 'contradicts-issue' }),
  ...kindsOf(ways.SECOND_CANCELLATION, { ...PLACED, after: 'cancellation', reason: 'cancelled-twice' }),
];

/** A few of each run. */
export const HUGE_KINDS: readonly Kind[] = [
  ...kindsOf(ways.HUGE_UNREADABLE, { ...UNPLACED, reason: 'unreadable' }),
  ...kindsOf(ways.HUGE_INVALID, { ...PLACED, after: 'nothing', reason: 'invalid-event' }),
];
