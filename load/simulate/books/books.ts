import type { Books } from '../../../settlement/intake/books.ts';
import type { Known, Plan } from '../../../settlement/intake/plan-batch.ts';
import type { Message } from '../../../settlement/intake/read-message.ts';
import { issueOf } from '../../../settlement/ledger/issue-of.ts';
import type { Position } from '../../../settlement/positions/place-event.ts';
import { type Connection, connect } from '../engine/connection.ts';
import type { Host } from '../engine/host.ts';
import type { World } from '../engine/world.ts';
import type { Ledger, LedgerBackend } from './ledger.ts';

/** What of the transaction a fault can leave out, or do otherwise; all of it as write-books.ts does by default. */
export interface Law {
  readonly locksPosition: boolean;
  /** Event ids, and versions of a policy, are unique in the ledger; a position moves from what it was. */
  readonly hasConstraints: boolean;
  /** The position is committed before the ledger, by itself. */
  readonly movesPositionFirst: boolean;
  /** What a consumer that reads them knows, instead of what the ledger says. */
  recall(known: Known, messages: readonly Message[]): Known;
  /** Told of each plan that was committed. */
  remember(plan: Plan): void;
}

export const LAW: Law = {
  locksPosition: true,
  hasConstraints: true,
  movesPositionFirst: false,
  recall: (known) => known,
  remember: () => {},
};

export interface BooksOptions {
  readonly host: Host;
  readonly ledger: Ledger;
  readonly law: Law;
}

/** The model of createBooks: a connection for each transaction, each of its steps a round trip. */
export function createBooks(world: World, options: BooksOptions): Books {
  const { host, ledger, law } = options;
  return {
    async take({ partition }, messages, decide) {
      const connection = connect(world, { host, server: ledger });
      try {
        if (law.locksPosition) await connection.ask((backend) => backend.lockPosition(partition));
        const known = await connection.ask(() => recall(ledger, partition, messages));
        const plan = decide(law.recall(known, messages));
        await write(world, { ...options, connection, partition, from: known.position }, plan);
        law.remember(plan);
        return plan;
      } finally {
        connection.end();
      }
    },
  };
}

function recall({ committed, position }: Ledger, partition: number, messages: readonly Message[]): Known {
  const ids = new Set(messages.flatMap((message) => (message.placed ? message.aggregateId : [])));
  const own = committed.entries.filter(({ aggregateId }) => ids.has(aggregateId));
  const issued = own.filter(({ type }) => type === 'policy.issued.v1');
  const parked = committed.parked.map(({ message }) => message);
  return {
    position: position(partition),
    eventIds: new Set([
      ...committed.entries.map(({ eventId }) => eventId),
      ...parked.flatMap((message) => (message.placed ? message.eventId : [])),
    ]),
    versions: new Map(own.map(({ aggregateId, aggregateVersion }) => [aggregateId, aggregateVersion])),
    issues: new Map(issued.map((event) => [event.aggregateId, issueOf(event)])),
    parkedAggregates: new Set(parked.flatMap(({ aggregateId }) => aggregateId ?? [])),
    days: new Set(),
    unplaced: new Map(),
  };
}

interface Writing extends BooksOptions {
  readonly connection: Connection<LedgerBackend>;
  readonly partition: number;
  readonly from: Position;
}

async function write(world: World, { connection, ledger, law, partition, from }: Writing, plan: Plan): Promise<void> {
  await connection.ask((backend) => {
    if (law.hasConstraints) requireNew(ledger, { partition, from, plan });
    backend.write(({ positions }) => void positions.set(partition, plan.position));
    if (law.movesPositionFirst) backend.commit();
  });
  await connection.ask((backend) => {
    backend.write(({ entries, parked, turns }) => {
      entries.push(...plan.book);
      parked.push(...plan.park);
      turns.push(...plan.turns);
    });
  });
  await connection.ask((backend) => {
    backend.commit();
    world.happened('booked');
  });
}

/** The ledger's unique indexes, and the position's compare-and-set. */
function requireNew(
  ledger: Ledger,
  { partition, from, plan }: { partition: number; from: Position; plan: Plan },
): void {
  const { entries } = ledger.committed;
  const isBooked = (event: Plan['book'][number]) =>
    entries.some(
      ({ eventId, aggregateId, aggregateVersion }) =>
        eventId === event.eventId || (aggregateId === event.aggregateId && aggregateVersion === event.aggregateVersion),
    );
  if (plan.book.some(isBooked)) throw new Error('The event is booked already');
  if (ledger.position(partition) !== from) throw new Error('The position was moved by another consumer');
}
