import type { Product } from '#contracts/words.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { addDays } from '../rating/parameters/starts-on.ts';

/** What a refund follows from. Dates are calendar dates of Europe/Moscow, both ends inside the cover. */
export interface Paid {
  readonly product: Product;
  readonly premiumMinor: number;
  readonly issuedAt: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

/** Bank of Russia, directive 3854-U: within these days of the contract, and before its cover begins, all is given back. */
const COOLING_OFF_DAYS = 14;
/**
 * Of OSAGO 23 % of the unused part are kept: 3 % went to the motor insurers' union and 20 % are the insurer's costs (Bank of
 * Russia, directive 7204-U, the structure of the rate).
 */
const OSAGO_REFUND_PERCENT = 77n;
const DAY_MS = 86_400_000;

/**
 * What the buyer gets back for a cancellation, kopecks, rounded half up once; undefined when no day of cover is left after
 * the day of cancellation.
 *
 * | today                                            | refund                                    |
 * | ------------------------------------------------ | ----------------------------------------- |
 * | before the first day, contract <= 14 days old    | the premium                               |
 * | before the last day                              | premium * days after today / days of cover, of OSAGO 77 % of that |
 * | the last day or later                            | none: nothing is left to cancel           |
 */
export function refundOf(paid: Paid, cancelledAt: Date): number | undefined {
  const today = moscowDate(cancelledAt);
  const { premiumMinor, startsOn, endsOn } = paid;
  if (today >= endsOn) return undefined;
  const contractDate = moscowDate(new Date(paid.issuedAt));
  const hasBegun = today >= startsOn;
  if (!hasBegun && today <= addDays(contractDate, COOLING_OFF_DAYS)) return premiumMinor;
  const unusedDays = hasBegun ? daysBetween(today, endsOn) : daysBetween(startsOn, endsOn) + 1;
  const percent = paid.product === 'osago' ? OSAGO_REFUND_PERCENT : 100n;
  return divideHalfUp(
    BigInt(premiumMinor) * BigInt(unusedDays) * percent,
    BigInt(daysBetween(startsOn, endsOn) + 1) * 100n,
  );
}

/** The part of an amount that goes back with the refund's part of the premium; kopecks, rounded half up. */
export function clawback(
  amountMinor: number,
  { refundMinor, premiumMinor }: { refundMinor: number; premiumMinor: number },
): number {
  return divideHalfUp(BigInt(amountMinor) * BigInt(refundMinor), BigInt(premiumMinor));
}

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** Of amounts that are not negative. */
const divideHalfUp = (top: bigint, bottom: bigint): number => Number((2n * top + bottom) / (2n * bottom));
