/** REQUIREMENTS D8: how long an insurer may go unconfirmed before its offers are marked, and before they are hidden. */
export interface FreshnessLimits {
  readonly staleAfterMs: number;
  readonly hiddenAfterMs: number;
}

/** Worst last. */
export const FRESHNESS = ['fresh', 'stale', 'hidden'] as const;
export type Freshness = (typeof FRESHNESS)[number];

/** How far a tariff may be trusted, by when its insurer last answered well. */
export function freshness(limits: FreshnessLimits, { polledAt, now }: { polledAt: Date; now: Date }): Freshness {
  const ageMs = now.getTime() - polledAt.getTime();
  if (ageMs > limits.hiddenAfterMs) return 'hidden';
  return ageMs > limits.staleAfterMs ? 'stale' : 'fresh';
}
