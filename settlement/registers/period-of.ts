const MOSCOW = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Moscow', year: 'numeric', month: '2-digit' });

/** The register's month of a moment, `yyyy-mm`, by the calendar of Europe/Moscow. */
export function periodOf(moment: Date): string {
  const parts = MOSCOW.formatToParts(moment);
  const part = (type: 'year' | 'month') => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}
