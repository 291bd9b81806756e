import type { Shares } from './forms.ts';

/** A region, and per cent of the limit that its edges count now; undefined when nobody here knows. */
export interface Held {
  readonly name: string;
  readonly share: number | undefined;
}

/** Names of regions, in the order in which they may take their new shares. */
export interface SharePlan {
  /** Theirs does not rise: any time. */
  readonly first: readonly string[];
  /** Theirs rises, or may: once those of the others are in force at their edges. */
  readonly last: readonly string[];
}

/**
 * The order that keeps the sum of what the regions admit at the limit or below: no share rises before every other that falls
 * has fallen. A region that is not named will have none.
 */
export function planShares(held: readonly Held[], asked: Shares): SharePlan {
  const rises = ({ name, share }: Held) => share === undefined || (asked[name] ?? 0) > share;
  return {
    first: held.filter((region) => !rises(region)).map(({ name }) => name),
    last: held.filter(rises).map(({ name }) => name),
  };
}
