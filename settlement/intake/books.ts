import type { Stream } from '../positions/position.ts';
import type { Known, Plan } from './plan-batch.ts';
import type { Message } from './read-message.ts';

/** The books as intake needs them. */
export interface Books {
  /**
   * One transaction: holds the stream's position, tells what is known of the messages, writes what `decide` answers and
   * answers it too. Whole or, when it rejects, not at all. `decide` is pure and may be called more than once.
   */
  take(stream: Stream, messages: readonly Message[], decide: (known: Known) => Plan): Promise<Plan>;
}
