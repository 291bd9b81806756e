import type { StopReason } from '../positions/place-event.ts';

/** The stream itself is wrong: booking on would lose or invent money. Stops the partition until a replay. */
export interface StreamFault {
  readonly reason: StopReason;
  /** A sentence for a person. */
  readonly detail: string;
  /** Of the event at which it shows. */
  readonly traceId?: string;
}
