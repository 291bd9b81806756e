/** Where an event stands in its partition; see `epoch` and `sequence` in the envelope. */
export interface Place {
  readonly epoch: number;
  readonly sequence: number;
}

/** The place of the last event taken, and how many messages without a readable place came after it. */
export interface Position extends Place {
  readonly unplaced: number;
}

/** Before the first event of a partition. */
export const START: Position = { epoch: 0, sequence: 0, unplaced: 0 };

export type Placement =
  | { readonly outcome: 'accepted'; readonly position: Position }
  | { readonly outcome: 'duplicate' | 'stale' | 'gap' };

/**
 * Places an event against a position. `next` is `position.sequence + 1 + position.unplaced`: a message without a readable
 * place may have taken a number or none.
 *
 * | event.epoch | event.sequence | outcome   | because                                                                |
 * |-------------|----------------|-----------|------------------------------------------------------------------------|
 * | older       | any            | stale     | a fenced relay; the newer epoch's owner sends it again                 |
 * | same        | <= position    | duplicate | delivered again; its id must be known                                  |
 * | same        | <= next        | accepted  | position becomes the event's                                           |
 * | same        | > next         | gap       | an event is missing                                                    |
 * | newer       | <= next        | accepted  | position becomes the event's, maybe behind: what is sent again is known by id |
 * | newer       | > next         | gap       | a new epoch starts at or below the last acknowledged + 1               |
 */
export function placeEvent(position: Position, event: Place): Placement {
  if (event.epoch < position.epoch) return { outcome: 'stale' };
  if (event.epoch === position.epoch && event.sequence <= position.sequence) return { outcome: 'duplicate' };
  if (event.sequence > position.sequence + 1 + position.unplaced) return { outcome: 'gap' };
  return { outcome: 'accepted', position: { epoch: event.epoch, sequence: event.sequence, unplaced: 0 } };
}
