import { type CallerName, REGIONS } from '../callers.ts';
import type { StreamPlan } from './orders.ts';

/** So many a second over all regions, half in each. */
const everywhere = (caller: CallerName, does: StreamPlan['does'], perSecond: number): StreamPlan[] =>
  REGIONS.map((region) => ({ caller, does, region, perSecond: perSecond / REGIONS.length }));

/** R7: what was sent against an agreed 20 a second. */
export const OFFENDER_PER_SECOND = 250;

export const OFFENDER: readonly StreamPlan[] = everywhere('alfa', 'quote', OFFENDER_PER_SECOND);

/** Ten of the site's questions a second end in a sale: with them it is 50 quotes and 10 policies a second (R6). */
const [SITE_QUOTES, VISITORS_QUOTES, SALES] = [20, 20, 10];

/**
 * A twentieth below its limit of 20, evenly in each region: ten requests fall into any second of the clock even if one
 * comes 50 ms late. At exactly the limit the least lateness would put eleven into one second and nine into another.
 */
const BETA_PER_SECOND = 19;

/** Everybody who keeps to what was agreed. */
export const OTHERS: readonly StreamPlan[] = [
  ...everywhere('beta', 'quote', BETA_PER_SECOND),
  ...everywhere('site', 'quote', SITE_QUOTES),
  ...everywhere('visitors', 'quote', VISITORS_QUOTES),
  ...everywhere('site', 'sale', SALES),
];
