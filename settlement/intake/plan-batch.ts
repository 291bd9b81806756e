import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { traceIdOf } from '#platform/events/traceparent-of.ts';
import { type Issue, issueOf } from '../ledger/issue-of.ts';
import { type Place, type Position, placeEvent } from '../positions/place-event.ts';
import { distrustEpochs } from './distrust-epochs.ts';
import { judgeMessage, type PolicyState } from './judge-message.ts';
import type { Message, PlacedMessage, Refusal, UnplacedMessage } from './read-message.ts';
import type { StreamFault } from './stream-fault.ts';

/** What the database knows of a batch's messages, read under the lock of the position. */
export interface Known {
  readonly position: Position;
  /** Ids booked or parked. */
  readonly eventIds: ReadonlySet<string>;
  /** The last version booked of each aggregate; absent: none. */
  readonly versions: ReadonlyMap<string, number>;
  /** How each aggregate with a cancellation among the messages was issued; absent: it was not. */
  readonly issues: ReadonlyMap<string, Issue>;
  /** Aggregates with a parked message. */
  readonly parkedAggregates: ReadonlySet<string>;
  /** Days that core has told, as `{day} {revision}`. */
  readonly days: ReadonlySet<string>;
  /** Digests of parked messages without a place of their own, each with the places it came after. */
  readonly unplaced: ReadonlyMap<string, readonly Place[]>;
}

/** A message to park, and its place, or the place it came after when it has none. */
export interface Parked {
  readonly message: Message;
  readonly refusal: Refusal;
  readonly place: Place;
}

/** The partition stopped at a fault, or goes on with the event at a place. */
export type Turn = { readonly stopped: StreamFault } | { readonly healed: Place };

/** What one transaction writes, and what is to be told of it. */
export interface Plan {
  readonly position: Position;
  readonly book: readonly PolicyEvent[];
  /** Ends of days to note, for reconciliation. */
  readonly note: readonly DayClosedEvent[];
  readonly park: readonly Parked[];
  readonly duplicates: number;
  readonly stale: number;
  /** Events of a stopped partition: neither booked nor parked, they come again in a replay. */
  readonly withheld: number;
  readonly turns: readonly Turn[];
}

interface Draft {
  position: Position;
  readonly book: PolicyEvent[];
  readonly note: DayClosedEvent[];
  readonly park: Parked[];
  duplicates: number;
  stale: number;
  withheld: number;
  readonly turns: Turn[];
  readonly eventIds: Set<string>;
  readonly versions: Map<string, number>;
  readonly issues: Map<string, Issue>;
  readonly parkedAggregates: Set<string>;
  readonly days: Set<string>;
}

/**
 * Decides, without doing anything, what becomes of each message in order. At a fault of the stream the partition stops:
 * what stood before is booked, what stands behind is withheld until an event of a newer epoch heals it.
 */
export function planBatch(received: readonly Message[], known: Known): Plan {
  const messages = distrustEpochs(received, known.position);
  const draft = draftOf(known);
  const ahead = { ...known.position, stop: null };
  const handled = messages.findLastIndex(
    (message) => message.placed && placeEvent(ahead, message).outcome === 'duplicate',
  );
  for (const [index, message] of messages.entries()) {
    if (message.placed) takePlaced(draft, message);
    else takeUnplaced(draft, message, { known, beforeHandled: index < handled });
  }
  const { position, book, note, park, duplicates, stale, withheld, turns } = draft;
  return { position, book, note, park, duplicates, stale, withheld, turns };
}

const draftOf = (known: Known): Draft => ({
  position: known.position,
  book: [],
  note: [],
  park: [],
  duplicates: 0,
  stale: 0,
  withheld: 0,
  turns: [],
  eventIds: new Set(known.eventIds),
  versions: new Map(known.versions),
  issues: new Map(known.issues),
  parkedAggregates: new Set(known.parkedAggregates),
  days: new Set(known.days),
});

function takePlaced(draft: Draft, message: PlacedMessage): void {
  const { outcome, ...placed } = placeEvent(draft.position, message);
  const isKnown = draft.eventIds.has(message.eventId);
  if (outcome === 'withheld') draft.withheld += 1;
  else if (outcome === 'stale') draft.stale += 1;
  else if (outcome === 'gap') stop(draft, message, { reason: 'gap', why: 'events are missing before it' });
  else if (outcome === 'duplicate' && !isKnown) {
    stop(draft, message, { reason: 'number-reused', why: 'it was never seen, so its number stood for another event' });
  } else if (isKnown || takeNew(draft, message)) {
    if (isKnown) draft.duplicates += 1;
    if ('position' in placed) moveTo(draft, placed.position);
  }
}

function moveTo(draft: Draft, position: Position): void {
  const { epoch, sequence } = position;
  if (draft.position.stop) draft.turns.push({ healed: { epoch, sequence } });
  draft.position = position;
}

/** What heals must begin at the first number missing, or at that of the event that stopped it, if that is lower. */
function stop(draft: Draft, at: PlacedMessage, { reason, why }: { reason: StreamFault['reason']; why: string }): void {
  const { position } = draft;
  const sequence = Math.min(position.sequence + 1, at.sequence);
  const place = `${at.epoch}/${at.sequence} after ${position.epoch}/${position.sequence}`;
  const detail = `Event "${at.eventId}" is number ${place}: ${why}`;
  draft.turns.push({ stopped: { reason, detail, ...traceIdOf(at.raw) } });
  draft.position = { ...position, stop: { reason, sequence } };
  // The event that stopped it comes again with the others.
  draft.withheld += 1;
}

/** Books or parks an event; false when it stopped the partition. */
function takeNew(draft: Draft, message: PlacedMessage): boolean {
  const { aggregateId, aggregateVersion, eventId, content } = message;
  if ('day' in content) {
    takeDay(draft, message, content.day);
    return true;
  }
  const verdict = judgeMessage({ content, aggregateVersion }, stateOf(draft, aggregateId));
  if ('hole' in verdict) {
    const why = `it is version ${aggregateVersion} of "${aggregateId}" after version ${verdict.hole.version}`;
    stop(draft, message, { reason: 'version-hole', why });
    return false;
  }
  if ('refusal' in verdict) {
    park(draft, message, { refusal: verdict.refusal, place: message });
    return true;
  }
  draft.book.push(verdict.event);
  draft.eventIds.add(eventId);
  draft.versions.set(aggregateId, aggregateVersion);
  if (verdict.event.type === 'policy.issued.v1') draft.issues.set(aggregateId, issueOf(verdict.event));
  return true;
}

const stateOf = (draft: Draft, aggregateId: string): PolicyState => ({
  version: draft.versions.get(aggregateId) ?? 0,
  issue: draft.issues.get(aggregateId),
  hasDeadLetter: draft.parkedAggregates.has(aggregateId),
});

/** Notes a day's end. Each revision stands for itself: neither a missing nor a parked one before it matters. */
function takeDay(draft: Draft, message: PlacedMessage, day: DayClosedEvent): void {
  const key = `${day.data.day} ${day.aggregateVersion}`;
  if (draft.days.has(key)) {
    const refusal = {
      reason: 'told-twice',
      detail: 'This revision of the day was told before, by another event',
    } as const;
    park(draft, message, { refusal, place: message });
    return;
  }
  draft.note.push(day);
  draft.eventIds.add(message.eventId);
  draft.days.add(key);
}

/**
 * A message without a place is known again by its text, where it was parked before: at this very position, or ahead of
 * an event that is handled. Two in one delivery are two, whatever their texts. It is parked in a stopped partition too,
 * because no outbox may have it; but there it stands behind events that are missing, and for no number of theirs.
 */
function takeUnplaced(
  draft: Draft,
  message: UnplacedMessage,
  { known, beforeHandled }: { known: Known; beforeHandled: boolean },
): void {
  const { epoch, sequence, unplaced, stop } = draft.position;
  const places = known.unplaced.get(message.digest) ?? [];
  if (beforeHandled ? places.length > 0 : places.some((p) => p.epoch === epoch && p.sequence === sequence)) {
    draft.duplicates += 1;
    return;
  }
  park(draft, message, { refusal: message.refusal, place: { epoch, sequence } });
  if (!stop) draft.position = { epoch, sequence, unplaced: unplaced + 1, stop };
}

function park(draft: Draft, message: Message, { refusal, place }: { refusal: Refusal; place: Place }): void {
  draft.park.push({ message, refusal, place: { epoch: place.epoch, sequence: place.sequence } });
  if (message.placed) draft.eventIds.add(message.eventId);
  if (message.aggregateId !== null) draft.parkedAggregates.add(message.aggregateId);
}
