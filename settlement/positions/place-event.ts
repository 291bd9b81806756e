/** Where an event stands in its partition; see `epoch` and `sequence` in the envelope. */
export interface Place {
  readonly epoch: number;
  readonly sequence: number;
}

/** Why a partition stops: events are missing; a number stood for two events; a version of a policy is missing. */
export const STOP_REASONS = ['gap', 'number-reused', 'version-hole'] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** A stopped partition goes on with an event of an epoch newer than the position's, numbered `sequence` or lower. */
export interface Stop {
  readonly reason: StopReason;
  readonly sequence: number;
}

/** The place of the last event taken, how many messages without a readable place came after it, and the stop there, if any. */
export interface Position extends Place {
  readonly unplaced: number;
  readonly stop: Stop | null;
}

/** Before the first event of a partition. */
export const START: Position = { epoch: 0, sequence: 0, unplaced: 0, stop: null };

export type Placement =
  | { readonly outcome: 'accepted'; readonly position: Position }
  | { readonly outcome: 'duplicate' | 'stale' | 'gap' | 'withheld' };

/**
 * Places an event against a position. `next` is `position.sequence + 1 + position.unplaced`: a message without a readable
 * place may have taken a number or none.
 *
 * | stop | event.epoch        | event.sequence  | outcome   | because                                                 |
 * |------|--------------------|-----------------|-----------|---------------------------------------------------------|
 * | no   | older              | any             | stale     | a fenced relay; the newer epoch's owner sends it again  |
 * | no   | same               | <= position     | duplicate | delivered again; its id must be known                   |
 * | no   | same               | <= next         | accepted  | position becomes the event's                            |
 * | no   | same               | > next          | gap       | an event is missing                                     |
 * | no   | newer              | <= next         | accepted  | position becomes the event's, maybe behind: what is sent again is known by id |
 * | no   | newer              | > next          | gap       | a new epoch starts at or below the last acknowledged + 1 |
 * | yes  | older or same      | any             | withheld  | the numbers of this epoch cannot be trusted             |
 * | yes  | newer              | <= stop's       | accepted  | sent again from before the fault: the partition goes on |
 * | yes  | newer              | > stop's        | withheld  | what is missing is not among what is sent               |
 *
 * A stop knows no `next`: something is missing for certain, and a message without a place is no excuse any more.
 */
export function placeEvent(position: Position, { epoch, sequence }: Place): Placement {
  const { stop } = position;
  const accepted: Placement = { outcome: 'accepted', position: { epoch, sequence, unplaced: 0, stop: null } };
  if (stop) return epoch > position.epoch && sequence <= stop.sequence ? accepted : { outcome: 'withheld' };
  if (epoch < position.epoch) return { outcome: 'stale' };
  if (epoch === position.epoch && sequence <= position.sequence) return { outcome: 'duplicate' };
  return sequence > position.sequence + 1 + position.unplaced ? { outcome: 'gap' } : accepted;
}
