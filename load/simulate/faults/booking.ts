import type { Known } from '../../../settlement/intake/plan-batch.ts';
import type { Message } from '../../../settlement/intake/read-message.ts';
import { LAW, type Law } from '../books/books.ts';
import type { Fault } from '../parts.ts';

export const offsetFirst: Fault = {
  name: 'offset-first',
  does: 'commits the offset before the books',
  plant: (parts) => ({ ...parts, commitsOffsetFirst: true }),
};

export const errorSwallowed: Fault = {
  name: 'error-swallowed',
  does: 'acknowledges a batch that failed',
  plant: (parts) => ({ ...parts, handling: (handle) => (batch) => handle(batch).catch(() => undefined) }),
};

export const memoryOnly: Fault = {
  name: 'memory-only',
  does: 'knows events again by its memory alone',
  plant: (parts) => ({ ...parts, law: rememberOnly }),
};

export const checkThenInsert: Fault = {
  name: 'check-then-insert',
  does: 'looks whether an event is booked, then books it, without the lock of the position',
  plant: (parts) => ({ ...parts, law: () => ({ ...LAW, locksPosition: false, hasConstraints: false }) }),
};

export const positionApart: Fault = {
  name: 'position-apart',
  does: 'moves the position in a transaction of its own',
  plant: (parts) => ({ ...parts, law: () => ({ ...LAW, movesPositionFirst: true }) }),
};

export const staleAccepted: Fault = {
  name: 'stale-accepted',
  does: 'takes events of a relay that was overtaken',
  plant: (parts) => ({
    ...parts,
    law: () => ({
      ...LAW,
      recall(known, messages) {
        const epochs = messages.flatMap((message) => (message.placed ? message.epoch : []));
        return { ...known, position: { ...known.position, epoch: Math.min(...epochs) - 1 } };
      },
    }),
  }),
};

/** What a process has booked is all that it knows; before that, whatever comes first is right. */
function rememberOnly(): Law {
  const seen = new Set<string>();
  return {
    ...LAW,
    hasConstraints: false,
    recall: (known, messages) => ({ ...known, eventIds: seen, ...believed(known, messages, seen) }),
    remember({ book }) {
      for (const { eventId } of book) seen.add(eventId);
    },
  };
}

function believed(known: Known, messages: readonly Message[], seen: ReadonlySet<string>) {
  const placed = messages.filter((message) => message.placed);
  const unseen = placed.filter(({ eventId }) => !seen.has(eventId)).reverse();
  const first = placed[0];
  return {
    versions: new Map(unseen.map(({ aggregateId, aggregateVersion }) => [aggregateId, aggregateVersion - 1])),
    position: first
      ? { ...known.position, epoch: first.epoch, sequence: first.sequence - 1, stop: null }
      : known.position,
  };
}
