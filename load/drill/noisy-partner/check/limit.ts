const WINDOW_MS = 10_000;
/** One limit more in 10 s: as seconds of the clock allow around their turn. */
const TOLERANCE = 1.1;

/** A request that was let in, at some time between these two; ms since 1970. */
export interface Admission {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * The most that were certainly let in within one stretch of so many ms, and where it begins. When exactly each was is
 * the edge's knowledge: one that was sent before the stretch or answered after it may have been let in outside.
 */
export function mostWithin(admissions: readonly Admission[], windowMs: number): { count: number; from: number } {
  const sorted = admissions.toSorted((a, b) => a.sentAt - b.sentAt);
  let most = { count: 0, from: Number.NaN };
  for (const [first, { sentAt: from }] of sorted.entries()) {
    let count = 0;
    for (let next = first; next < sorted.length; next += 1) {
      const { sentAt, answeredAt } = sorted[next] as Admission;
      if (sentAt >= from + windowMs) break;
      if (answeredAt < from + windowMs) count += 1;
    }
    if (count > most.count) most = { count, from };
  }
  return most;
}

/** What is wrong unless no 10 s, wherever they begin, admitted more than a limit per second and a tenth, over all regions. */
export function checkLimit(
  admissions: readonly Admission[],
  { caller, perSecond }: { caller: string; perSecond: number },
): string[] {
  const allowed = Math.round((perSecond * TOLERANCE * WINDOW_MS) / 1_000);
  const { count, from } = mostWithin(admissions, WINDOW_MS);
  if (count <= allowed) return [];
  return [
    `${caller} was admitted ${count} times in the 10 s from ${new Date(from).toISOString()}, more than ${allowed}`,
  ];
}

/** Of what was agreed, so much must be had by who asks for more than that. */
const LEAST = 0.9;

/** What is wrong if a limit is kept by refusing nearly all. */
export function checkServed(
  admitted: number,
  { caller, perSecond, seconds }: { caller: string; perSecond: number; seconds: number },
): string[] {
  const least = Math.floor(perSecond * seconds * LEAST);
  if (admitted >= least) return [];
  return [
    `${caller} was admitted ${admitted} times in ${seconds} s, less than ${least} of the ${perSecond} a second agreed`,
  ];
}
