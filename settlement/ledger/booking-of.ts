import type { PolicyEvent } from '#contracts/events.ts';
import { type Operation, operationOf } from './operation-of.ts';
import { type Posting, postingsOf } from './postings-of.ts';

/** An event with what it does to the books, read off it once. */
export interface Booking {
  readonly event: PolicyEvent;
  readonly operation: Operation;
  readonly sides: readonly Posting[];
}

export function bookingOf(event: PolicyEvent): Booking {
  const operation = operationOf(event);
  return { event, operation, sides: postingsOf(event, operation) };
}
