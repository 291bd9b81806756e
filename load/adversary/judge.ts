import type { Evidence, Fact, Told } from './evidence.ts';
import { findGaps } from './find-gaps.ts';
import { findKopecks } from './find-kopecks.ts';

/** What can be wrong, each with a sentence for each case. */
export const CHARGES = ['lost', 'doubled', 'invented', 'misordered', 'gaps', 'kopecks'] as const;
export type Charge = (typeof CHARGES)[number];
export type Verdict = Readonly<Record<Charge, readonly string[]>>;

/**
 * Judges what is there at the end. Nothing may be missing between what happened, the topic and the books; nothing may be
 * booked twice or without having happened; within an aggregate events are first seen in the order of versions.
 */
export function judge(evidence: Evidence): Verdict {
  return {
    lost: findLost(evidence),
    doubled: findDoubled(evidence),
    invented: findInvented(evidence),
    misordered: findMisordered(evidence),
    gaps: findGaps(evidence),
    kopecks: findKopecks(evidence),
  };
}

export const isClean = (verdict: Verdict): boolean => CHARGES.every((charge) => verdict[charge].length === 0);

/** A fact as a key. */
const keyOf = ({ aggregateId, version }: Fact) => `${aggregateId}/${version}`;
const keysOf = (facts: readonly Fact[]) => new Set(facts.map(keyOf));
/** What is no policy's happened to none, and is in no book: of it the numbers alone are judged. */
const ofPolicies = ({ topic }: Evidence) => topic.flat().filter(({ type }) => type.startsWith('policy.'));
const sentOf = (evidence: Evidence): Told[] =>
  ofPolicies(evidence).map(({ eventId, aggregateId, aggregateVersion }) => ({
    eventId,
    aggregateId,
    version: aggregateVersion,
  }));

function findLost(evidence: Evidence): string[] {
  const happened = keysOf(evidence.happened);
  const sent = keysOf(sentOf(evidence));
  const settled = keysOf([...evidence.booked, ...evidence.parked]);
  const told = new Set([...sent, ...keysOf(evidence.outbox)]);
  const lost = [...evidence.acknowledged].filter((key) => !happened.has(key)).map((key) => `${key} was acknowledged`);
  for (const key of happened) {
    if (!told.has(key)) lost.push(`${key} happened and has no event`);
    else if (!sent.has(key)) lost.push(`${key} was never sent`);
    else if (!settled.has(key)) lost.push(`${key} was sent and never booked`);
  }
  return lost;
}

/** The topic may have an event often, but a fact is told by one event, and is in the books once. */
function findDoubled(evidence: Evidence): string[] {
  const doubled: string[] = [];
  const settled = new Map<string, number>();
  for (const told of [...evidence.booked, ...evidence.parked]) {
    settled.set(keyOf(told), (settled.get(keyOf(told)) ?? 0) + 1);
  }
  for (const [key, times] of settled) if (times > 1) doubled.push(`${key} is in the books ${times} times`);
  const eventOf = new Map<string, string>();
  for (const told of [...evidence.outbox, ...sentOf(evidence)]) {
    const known = eventOf.get(keyOf(told)) ?? told.eventId;
    eventOf.set(keyOf(told), known);
    if (known !== told.eventId) doubled.push(`${keyOf(told)} is told by ${known} and by ${told.eventId}`);
  }
  return doubled;
}

function findInvented(evidence: Evidence): string[] {
  const happened = keysOf(evidence.happened);
  const places = { outbox: evidence.outbox, topic: sentOf(evidence), ledger: evidence.booked, parked: evidence.parked };
  const invented = Object.entries(places).flatMap(([place, told]) =>
    [...keysOf(told)].filter((key) => !happened.has(key)).map((key) => `${key} is in the ${place} and never happened`),
  );
  const stored = new Map(evidence.outbox.map(({ eventId, data }) => [eventId, data]));
  for (const { eventId, data } of evidence.topic.flat()) {
    const committed = stored.get(eventId);
    if (committed !== undefined && committed !== JSON.stringify(data)) {
      invented.push(`${eventId} was sent with other data than was committed`);
    }
  }
  return invented;
}

function findMisordered({ topic }: Evidence): string[] {
  const misordered: string[] = [];
  const seen = new Set<string>();
  const last = new Map<string, number>();
  for (const { eventId, aggregateId, aggregateVersion } of topic.flat()) {
    if (seen.has(eventId)) continue;
    seen.add(eventId);
    const highest = last.get(aggregateId) ?? 0;
    if (aggregateVersion < highest) misordered.push(`${aggregateId}/${aggregateVersion} was sent after ${highest}`);
    last.set(aggregateId, Math.max(highest, aggregateVersion));
  }
  return misordered;
}
