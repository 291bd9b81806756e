import type { Risks } from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
import { addDays } from '../rating/parameters/starts-on.ts';

/** A risk with the product that it is of. */
export type Cover = { [P in Product]: { readonly product: P; readonly risk: Risks[P] } }[Product];

/** The last day of a cover, an ISO date: of OSAGO a year, whatever months of it the vehicle is in use. */
export function lastDay(cover: Cover): string {
  const { startsOn } = cover.risk;
  switch (cover.product) {
    case 'osago':
      return lastDayOfMonths(startsOn, 12);
    case 'travel':
      return addDays(startsOn, cover.risk.days - 1);
    case 'property':
      return lastDayOfMonths(startsOn, cover.risk.months);
    case 'life':
      return lastDayOfMonths(startsOn, cover.risk.years * 12);
  }
}

/**
 * The day before the same day some months later; where that month has no such day, its last day (Civil Code of Russia,
 * article 192(3)): a month from 31 January ends on 28 February, or on 29.
 */
function lastDayOfMonths(startsOn: string, months: number): string {
  const [year = 0, month = 0, day = 0] = startsOn.split('-').map(Number);
  const daysOfLastMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const last = Math.min(day - 1, daysOfLastMonth);
  return new Date(Date.UTC(year, month - 1 + months, last)).toISOString().slice(0, 10);
}
