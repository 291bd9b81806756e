import type { Lost } from '../../../local/backup/find-lost.ts';
import { check, describeFindings } from '../check.ts';
import { checkOrder } from '../check-order.ts';
import { type EventRow, type Evidence, isOfPolicy } from '../evidence.ts';
import { findLosses } from './find-losses.ts';

/** A dead letter of the ledger's. */
export interface Parked {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly reason: string;
}

/** What there is after a region was put back, besides what any region has. */
export interface Aftermath {
  readonly evidence: Evidence;
  readonly parked: readonly Parked[];
  /** Partitions of the ledger that wait for a replay. */
  readonly stopped: readonly number[];
  /** What the operator is told is lost: `npm run backup -- lost`. */
  readonly named: readonly Lost[];
  /** Kopecks that the ledger's transactions of events moved, by event and account. */
  readonly moved: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface Judgement {
  readonly faults: readonly string[];
  /** Acknowledgements that are lost, of which the ledger has so many, and nobody the others. */
  readonly lost: number;
  readonly inLedger: number;
  /** Events that only the topic and the ledger still have. */
  readonly orphans: number;
  /** Cancellations that were lost and made again: the second is a dead letter. */
  readonly madeAgain: number;
}

/**
 * Judges a region that was put back: whatever survived is as if nothing had happened, whatever was lost is in the ledger as
 * it was sold and is named, and nothing given out before is given out again.
 */
export function judge(after: Aftermath): Judgement {
  const { evidence, named } = after;
  const told = new Set(evidence.outbox.map(({ eventId }) => eventId));
  const isLost = ({ eventId }: EventRow) => !told.has(eventId);
  const orphans = evidence.booked.filter(isLost);
  const again = madeAgain(after, orphans);
  const losses = findLosses(evidence.acknowledged, evidence.policies);
  const booked = new Set(orphans.map(placeOf));
  const inLedger = losses.filter(({ operation, policy }) =>
    booked.has(`${policy.id}/${operation === 'issued' ? 1 : 2}`),
  );
  const survivors = survivorsOf(after, { isLost, again });
  return {
    faults: [
      // The order is that of all there is: without what was lost, numbers have holes.
      ...describeFindings({ ...check(survivors), misordered: checkOrder(evidence) }),
      ...sharedNumbers(after).map((found) => `collision: ${found}`),
      ...after.stopped.map((partition) => `collision: partition ${partition} of the ledger is stopped`),
      ...unbooked(after, isLost),
      ...unnamed(orphans, { named, again }),
    ],
    lost: losses.length,
    inLedger: inLedger.length,
    orphans: orphans.length,
    madeAgain: again.size,
  };
}

const placeOf = ({ aggregateId, version }: EventRow) => `${aggregateId}/${version}`;

/** By the event that is parked, the one that the ledger has in its place: both cancel the same policy. */
function madeAgain({ parked, evidence }: Aftermath, orphans: readonly EventRow[]): Map<string, EventRow> {
  const lost = new Map(orphans.map((row) => [placeOf(row), row]));
  const own = new Map(evidence.outbox.map((row) => [row.eventId, row]));
  return new Map(
    parked.flatMap(({ eventId, reason }): [string, EventRow][] => {
      const event = own.get(eventId);
      const first = event && lost.get(placeOf(event));
      return first && reason === 'cancelled-twice' ? [[eventId, first]] : [];
    }),
  );
}

interface Dividing {
  readonly isLost: (row: EventRow) => boolean;
  readonly again: ReadonlyMap<string, EventRow>;
}

/** The region as if what was lost had never been: a cancellation made again counts as booked by the first. */
function survivorsOf({ evidence, moved }: Aftermath, { isLost, again }: Dividing): Evidence {
  const losses = new Set(findLosses(evidence.acknowledged, evidence.policies));
  const acknowledged = evidence.acknowledged.filter((one) => !losses.has(one));
  const answered = new Set(acknowledged.map(({ key }) => key));
  const givenUp = new Set([...losses].map(({ key }) => key).filter((key) => !answered.has(key)));
  const kept = new Map([...again].map(([second, first]) => [first.eventId, second]));
  const booked = evidence.booked.flatMap((row) => {
    const eventId = isLost(row) ? kept.get(row.eventId) : row.eventId;
    return eventId === undefined ? [] : [{ ...row, eventId }];
  });
  const gone = evidence.booked.filter((row) => isLost(row) && !kept.has(row.eventId));
  const without = (sums: ReadonlyMap<string, number>) => {
    const left = new Map(sums);
    for (const { eventId } of gone) {
      for (const [account, amount] of moved.get(eventId) ?? []) left.set(account, (left.get(account) ?? 0) - amount);
    }
    return left;
  };
  return {
    ...evidence,
    acknowledged,
    wanted: evidence.wanted.filter((key) => !givenUp.has(key)),
    ...(evidence.topic && { topic: evidence.topic.filter((record) => !isLost(record)) }),
    booked,
    postings: without(evidence.postings),
    accounts: without(evidence.accounts),
    deadLetters: evidence.deadLetters - again.size,
  };
}

/** A number belongs to one policy for ever, whoever knows of it. */
function sharedNumbers({ evidence, named }: Aftermath): string[] {
  const owners = new Map<string, Set<string>>();
  const note = (number: string, id: string) => owners.set(number, (owners.get(number) ?? new Set()).add(id));
  for (const { policy } of evidence.acknowledged) note(policy.number, policy.id);
  for (const { number, id } of evidence.policies) note(number, id);
  for (const { number, policyId } of named) note(number, policyId);
  return [...owners].filter(([, ids]) => ids.size > 1).map(([number, ids]) => `${number} is on ${[...ids].join(', ')}`);
}

/** What only the topic has of policies must be in the ledger, at its amounts; and nothing else that core does not know of. */
function unbooked({ evidence, moved }: Aftermath, isLost: (row: EventRow) => boolean): string[] {
  const records = new Map((evidence.topic ?? []).filter(isLost).map((record) => [record.eventId, record]));
  const inLedger = new Set(evidence.booked.map(({ eventId }) => eventId));
  const missing = [...records.values()].filter((record) => isOfPolicy(record) && !inLedger.has(record.eventId));
  const wrong = [...records.values()].filter(({ eventId, version, premiumMinor, refundMinor }) => {
    const paid = moved.get(eventId)?.get('clearing:premiums') ?? 0;
    return inLedger.has(eventId) && paid !== (version === 1 ? premiumMinor : -refundMinor);
  });
  const invented = evidence.booked.filter((row) => isLost(row) && !records.has(row.eventId));
  return [
    ...missing.map((row) => `lost: event ${placeOf(row)} is on the topic and not in the ledger`),
    ...wrong.map((row) => `kopecks: event ${placeOf(row)} is booked at another amount than it says`),
    ...invented.map((row) => `doubled: event ${placeOf(row)} is booked and came from nowhere`),
  ];
}

/** The operator's list is of exactly what the ledger has and core has not. */
function unnamed(
  orphans: readonly EventRow[],
  { named, again }: { named: readonly Lost[]; again: ReadonlyMap<string, EventRow> },
): string[] {
  const made = new Set([...again.values()].map(({ eventId }) => eventId));
  const due = new Map(orphans.filter(({ eventId }) => !made.has(eventId)).map((row) => [row.eventId, placeOf(row)]));
  const said = new Set(named.map(({ eventId }) => eventId));
  return [
    ...[...due].filter(([id]) => !said.has(id)).map(([, place]) => `unnamed: ${place} is lost and not on the list`),
    ...named.filter(({ eventId }) => !due.has(eventId)).map(({ policyId }) => `unnamed: ${policyId} is on the list`),
  ];
}
