/** Days have one length: Moscow has kept UTC+3 without summer time since 2014. */
export const DAY_MS = 86_400_000;

/** The moment a calendar date (yyyy-mm-dd) begins in Moscow, ms since 1970. */
export function moscowDayMs(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00+03:00`);
}
