/** Days have one length: Moscow has kept UTC+3 without summer time since 2014. */
export const DAY_MS = 86_400_000;
const MOSCOW_OFFSET_MS = 3 * 3_600_000;

/** The moment a calendar date (yyyy-mm-dd) begins in Moscow, ms since 1970. */
export function moscowDayMs(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00+03:00`);
}

/** The calendar date in Moscow at a moment, ISO 8601. */
export function moscowDay(at: Date): string {
  return new Date(at.getTime() + MOSCOW_OFFSET_MS).toISOString().slice(0, 10);
}
