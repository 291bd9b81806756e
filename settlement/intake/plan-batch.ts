import type { PolicyEvent } from '#contracts/events.ts';
import { type Place, type Position, placeEvent } from '../positions/place-event.ts';
import type { Message, PlacedMessage, Refusal, UnplacedMessage } from './read-message.ts';
import { StreamFault } from './stream-fault.ts';

/** What the database knows of a batch's messages, read under the lock of the position. */
export interface Known {
  readonly position: Position;
  /** Ids booked or parked. */
  readonly eventIds: ReadonlySet<string>;
  /** The last version booked of each aggregate; absent: none. */
  readonly versions: ReadonlyMap<string, number>;
  /** Aggregates with a parked message. */
  readonly parkedAggregates: ReadonlySet<string>;
  /** Digests of parked messages without a place of their own, each with the places it came after. */
  readonly unplaced: ReadonlyMap<string, readonly Place[]>;
}

/** A message to park, and its place, or the place it came after when it has none. */
export interface Parked {
  readonly message: Message;
  readonly refusal: Refusal;
  readonly place: Place;
}

/** What one transaction writes. `fault` is what the rest of the batch must wait for. */
export interface Plan {
  readonly position: Position;
  readonly book: readonly PolicyEvent[];
  readonly park: readonly Parked[];
  readonly duplicates: number;
  readonly stale: number;
  readonly fault: StreamFault | undefined;
}

interface Draft {
  position: Position;
  readonly book: PolicyEvent[];
  readonly park: Parked[];
  duplicates: number;
  stale: number;
  readonly eventIds: Set<string>;
  readonly versions: Map<string, number>;
  readonly parkedAggregates: Set<string>;
}

/**
 * Decides, without doing anything, what becomes of each message in order. At a fault of the stream it stops: what stood
 * before is booked, what stands behind waits.
 */
export function planBatch(messages: readonly Message[], known: Known): Plan {
  const draft: Draft = {
    position: known.position,
    book: [],
    park: [],
    duplicates: 0,
    stale: 0,
    eventIds: new Set(known.eventIds),
    versions: new Map(known.versions),
    parkedAggregates: new Set(known.parkedAggregates),
  };
  const handled = messages.findLastIndex(
    (message) => message.placed && placeEvent(known.position, message).outcome === 'duplicate',
  );
  let fault: StreamFault | undefined;
  for (const [index, message] of messages.entries()) {
    if (message.placed) fault = takePlaced(draft, message);
    else takeUnplaced(draft, message, { known, beforeHandled: index < handled });
    if (fault) break;
  }
  const { position, book, park, duplicates, stale } = draft;
  return { position, book, park, duplicates, stale, fault };
}

function takePlaced(draft: Draft, message: PlacedMessage): StreamFault | undefined {
  const placement = placeEvent(draft.position, message);
  const isKnown = draft.eventIds.has(message.eventId);
  const { epoch, sequence } = draft.position;
  const said = `Event "${message.eventId}" is number ${message.epoch}/${message.sequence} at ${epoch}/${sequence}`;
  if (placement.outcome === 'gap') return new StreamFault('gap', `${said}: events are missing before it`);
  if (placement.outcome === 'stale') {
    draft.stale += 1;
    return undefined;
  }
  if (placement.outcome === 'duplicate' && !isKnown) {
    return new StreamFault('number-reused', `${said}, but was never seen: its number stood for another event`);
  }
  if (isKnown) draft.duplicates += 1;
  else {
    const fault = takeNew(draft, message);
    if (fault) return fault;
  }
  if (placement.outcome === 'accepted') draft.position = placement.position;
  return undefined;
}

function takeNew(draft: Draft, message: PlacedMessage): StreamFault | undefined {
  const { aggregateId, aggregateVersion, content } = message;
  if (draft.parkedAggregates.has(aggregateId)) {
    const detail = 'An earlier event of this policy is parked';
    return park(draft, message, { refusal: { reason: 'behind-dead-letter', detail }, place: message });
  }
  if ('refusal' in content) return park(draft, message, { refusal: content.refusal, place: message });
  const last = draft.versions.get(aggregateId) ?? 0;
  if (aggregateVersion > last + 1) {
    return new StreamFault(
      'version-hole',
      `Event "${message.eventId}" is version ${aggregateVersion} of "${aggregateId}", after version ${last}`,
    );
  }
  if (last > 0) {
    const detail = 'The policy is booked as issued already, by another event';
    return park(draft, message, { refusal: { reason: 'issued-twice', detail }, place: message });
  }
  draft.book.push(content.event);
  draft.eventIds.add(message.eventId);
  draft.versions.set(aggregateId, aggregateVersion);
  return undefined;
}

/**
 * A message without a place is known again by its text, where it was parked before: at this very position, or ahead of
 * an event that is handled. Two in one delivery are two, whatever their texts.
 */
function takeUnplaced(
  draft: Draft,
  message: UnplacedMessage,
  { known, beforeHandled }: { known: Known; beforeHandled: boolean },
): void {
  const { epoch, sequence, unplaced } = draft.position;
  const places = known.unplaced.get(message.digest) ?? [];
  if (beforeHandled ? places.length > 0 : places.some((p) => p.epoch === epoch && p.sequence === sequence)) {
    draft.duplicates += 1;
    return;
  }
  park(draft, message, { refusal: message.refusal, place: { epoch, sequence } });
  draft.position = { epoch, sequence, unplaced: unplaced + 1 };
}

function park(draft: Draft, message: Message, { refusal, place }: { refusal: Refusal; place: Place }): undefined {
  draft.park.push({ message, refusal, place: { epoch: place.epoch, sequence: place.sequence } });
  if (message.placed) draft.eventIds.add(message.eventId);
  if (message.aggregateId !== null) draft.parkedAggregates.add(message.aggregateId);
}
