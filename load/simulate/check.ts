import type { PolicyEvent } from '#contracts/events.ts';
import type { IncomingMessage } from '#platform/events/transport.ts';
import type { Committed } from './books/ledger.ts';
import type { OutboxRow } from './database/state.ts';

/** What is compared: what was committed, what the topic holds, what was booked. */
export interface Evidence {
  readonly committed: readonly OutboxRow[];
  readonly logs: readonly (readonly IncomingMessage[])[];
  readonly books: Pick<Committed, 'entries' | 'parked' | 'turns'>;
}

/**
 * What is wrong, in sentences, causes before what follows from them; empty when nothing is. It knows nothing of how either
 * side works.
 */
export function check(evidence: Evidence): string[] {
  const { committed, logs, books } = evidence;
  const sent = logs.flat().map(({ value }) => JSON.parse(value) as PolicyEvent);
  const missing = committed.filter(({ eventId }) => !books.entries.some((entry) => entry.eventId === eventId));
  const isSent = (row: OutboxRow) => sent.some(({ eventId }) => eventId === row.eventId);
  return [
    ...checkDoubled(evidence),
    ...checkInvented(evidence),
    ...checkOrder(books.entries).map((name) => `misordered: ${name} was booked too early or late`),
    ...checkOrder(sent).map((name) => `misordered: ${name} is too early or late in the topic`),
    ...missing.flatMap((row) => (isSent(row) ? [] : `lost: ${named(row)} was never sent`)),
    ...logs.flatMap(checkNumbers),
    ...books.parked.map(({ refusal }) => `parked: ${refusal.reason}, ${refusal.detail}`),
    ...books.turns.flatMap((turn) => ('stopped' in turn ? `stopped: ${turn.stopped.reason}` : [])),
    ...missing.flatMap((row) => (isSent(row) ? `lost: ${named(row)} is in the topic and not booked` : [])),
  ];
}

const named = ({ aggregateId, aggregateVersion }: { aggregateId: string; aggregateVersion: number }) =>
  `${aggregateId.slice(-4)} version ${aggregateVersion}`;

function checkDoubled({ books }: Evidence): string[] {
  const times = Map.groupBy(books.entries, named);
  return [...times].flatMap(([name, entries]) => (entries.length > 1 ? `doubled: ${name}` : []));
}

function checkInvented({ committed, books }: Evidence): string[] {
  const real = new Set(committed.map(({ eventId }) => eventId));
  return books.entries.flatMap((event) => (real.has(event.eventId) ? [] : `invented: ${named(event)}`));
}

/** Names of what was first seen out of the order of its policy's versions: 1, 2, ... */
function checkOrder(events: readonly PolicyEvent[]): string[] {
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const firsts = events.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
  return firsts.flatMap((event) => {
    const { aggregateId, aggregateVersion } = event;
    const before = last.get(aggregateId) ?? 0;
    last.set(aggregateId, aggregateVersion);
    return aggregateVersion === before + 1 ? [] : named(event);
  });
}

/** Numbers as first seen: dense within an epoch, never of two events, a new epoch no higher than the next. */
function checkNumbers(log: readonly IncomingMessage[], partition: number): string[] {
  const broken: string[] = [];
  const owners = new Map<string, string>();
  let last = { epoch: 0, sequence: 0 };
  for (const { value } of log) {
    const { epoch, sequence, eventId } = JSON.parse(value) as PolicyEvent;
    const place = `${epoch}/${sequence} of partition ${partition}`;
    const owner = owners.get(place) ?? eventId;
    owners.set(place, owner);
    if (owner !== eventId) broken.push(`number reused: ${place}`);
    if (epoch < last.epoch) continue;
    if (sequence > last.sequence + 1) broken.push(`hole in the numbers before ${place}`);
    if (epoch > last.epoch || sequence > last.sequence) last = { epoch, sequence };
  }
  return broken;
}
