import { percentile } from '../percentile.ts';
import { type Seen, type Slice, sumOf } from './crowd.ts';

/** A quote that takes longer helps nobody who looks at a page, ms. */
export const QUOTE_P95_MS = 500;
/** A purchase is waited for a little longer, ms. */
export const PURCHASE_P95_MS = 1_000;
/** Of all requests, at most: errors, refusals for want of room or of a limit, and none at all. */
export const MOST_FAILED = 0.001;
/** Of what was asked for, at least. */
export const LEAST_COMPLETED = 0.99;

/** What was seen after the seconds in which it warmed up. */
export const afterWarmUp = (slices: readonly Slice[], seconds: number): Slice => sumOf(slices.slice(seconds));

/** Why a region does not bear what it was asked for, in words; undefined when it does. */
export function whyBroken({ searches, purchases }: Pick<Seen, 'searches' | 'purchases'>, warmSeconds: number) {
  const [searched, bought] = [afterWarmUp(searches, warmSeconds), afterWarmUp(purchases, warmSeconds)];
  const offered = searched.offered + bought.offered;
  const completed = searched.waitedMs.length + bought.waitedMs.length;
  const [quoteMs, purchaseMs] = [percentile(searched.waitedMs, 0.95), percentile(bought.waitedMs, 0.95)];
  if (completed < LEAST_COMPLETED * offered) return `${completed} of ${offered} completed`;
  if (offered - completed > MOST_FAILED * offered)
    return `${offered - completed} of ${offered} failed${told(sumOf([searched, bought]))}`;
  if (quoteMs > QUOTE_P95_MS) return `p95 of quotes is ${Math.round(quoteMs)} ms`;
  if (purchaseMs > PURCHASE_P95_MS) return `p95 of purchases is ${Math.round(purchaseMs)} ms`;
  return undefined;
}

/** The other answers there were, by status; 0: none. */
function told({ statuses }: Slice): string {
  const others = Object.entries(statuses).filter(([status]) => status !== '200' && status !== '201');
  return others.length === 0 ? '' : ` (${others.map(([status, count]) => `${status}: ${count}`).join(', ')})`;
}
