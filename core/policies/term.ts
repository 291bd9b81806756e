/** The last day of a cover of one year that begins on `startsOn` (ISO dates): 2026-12-01 to 2027-11-30. */
export function lastDayOfYearFrom(startsOn: string): string {
  const [year = 0, month = 0, day = 0] = startsOn.split('-').map(Number);
  return new Date(Date.UTC(year + 1, month - 1, day - 1)).toISOString().slice(0, 10);
}
