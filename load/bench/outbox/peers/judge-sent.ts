import type { Sent } from './read-back.ts';

/** What became of events on their way. */
export interface Judged {
  /** Messages beyond the first of each event. */
  readonly doubled: number;
  /** Events first seen behind a later one of their policy. */
  readonly misordered: number;
}

/** The gate of whoever carries events: each came, once or more. Throws when one did not, or one came that nobody wrote. */
export function judgeSent(sent: readonly Sent[], written: ReadonlySet<string>): Judged {
  const seen = new Set<string>();
  const latest = new Map<string, number>();
  let misordered = 0;
  for (const { eventId, aggregateId, aggregateVersion } of sent) {
    if (seen.has(eventId)) continue;
    seen.add(eventId);
    const before = latest.get(aggregateId) ?? 0;
    if (aggregateVersion < before) misordered += 1;
    else latest.set(aggregateId, aggregateVersion);
  }
  const lost = written.difference(seen).size;
  const invented = seen.difference(written).size;
  if (lost > 0 || invented > 0)
    throw new Error(`Wrong: of ${written.size} events ${lost} are lost, ${invented} invented`);
  return { doubled: sent.length - seen.size, misordered };
}
