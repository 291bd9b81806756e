import type { FailureReason } from '../metrics.ts';

/** The stream itself is wrong: booking on would lose or invent money. Stops the partition until a person has looked. */
export class StreamFault extends Error {
  readonly reason: FailureReason;

  constructor(reason: Exclude<FailureReason, 'error'>, message: string) {
    super(message);
    this.name = 'StreamFault';
    this.reason = reason;
  }
}
