/** REQUIREMENTS D8: a tariff not confirmed for 20 minutes is marked, for 24 hours hidden. */
const STALE_AFTER_MS = 20 * 60_000;
const HIDDEN_AFTER_MS = 24 * 60 * 60_000;

/** How far a tariff may be trusted, by when its insurer last answered well. */
export function freshness(polledAt: Date, now: Date): 'fresh' | 'stale' | 'hidden' {
  const age = now.getTime() - polledAt.getTime();
  if (age > HIDDEN_AFTER_MS) return 'hidden';
  return age > STALE_AFTER_MS ? 'stale' : 'fresh';
}
