import type { Acknowledgement } from '../acknowledgements.ts';
import type { Restoring } from './lose-and-restore.ts';

/** An acknowledgement, and when the buyer had it, ms of `Date.now()`. */
export interface Heard extends Acknowledgement {
  readonly at: number;
}

/** What a loss of the disk cost. Seconds. */
export interface Measured {
  /** From the loss to the first new policy that was acknowledged: RTO. */
  readonly outage: number;
  /** How far back from the loss acknowledgements are lost: RPO. 0 when none is. */
  readonly loss: number;
  readonly lost: number;
}

/**
 * Measures a loss by what buyers had heard, `losses` being those of the acknowledgements that are lost. The loss is counted
 * from the last that survived or from the first that did not, whichever is longer ago. Throws when nothing was sold again.
 */
export function measure(
  heard: readonly Heard[],
  { losses, restoring }: { losses: ReadonlySet<Heard>; restoring: Restoring },
): Measured {
  const { lostAt, goneAt, databaseUpAt } = restoring;
  const first = heard.find(({ at, operation }) => at > databaseUpAt && operation === 'issued');
  if (!first) throw new Error('Nothing was sold after the region was put back');
  const before = heard.filter(({ at }) => at <= goneAt);
  const lost = before.filter((one) => losses.has(one));
  const survived = before.findLast((one) => !losses.has(one));
  const since = lost[0] ? Math.min(lost[0].at, survived?.at ?? lostAt, lostAt) : lostAt;
  return { outage: (first.at - lostAt) / 1_000, loss: (lostAt - since) / 1_000, lost: lost.length };
}
