import type { Question } from './read-answer.ts';
import { runArrivals } from './run-arrivals.ts';

const SECONDS = 2;
/** Times its limit. */
const ASKED = 4;

/** The gate of a limiter: of those who ask four times as often as they may, no second admits more, and the rest is 429. */
export async function requireRefusals(
  { url, key, name }: Question & { readonly name: string },
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<void> {
  const { statuses } = await runArrivals({ url, key }, { perSecond: ASKED * limit, seconds: SECONDS, signal });
  requireWithin(name, statuses, limit * (SECONDS + 1));
}

/** Seconds begin where a limiter says: two of asking touch three. */
export function requireWithin(name: string, statuses: Readonly<Record<string, number>>, most: number): void {
  const { 200: admitted = 0, 429: refused = 0, ...others } = statuses;
  if (Object.keys(others).length > 0 || admitted === 0 || admitted > most || refused === 0) {
    throw new Error(`${name} answered ${JSON.stringify(statuses)} where at most ${most} may be admitted`);
  }
}
