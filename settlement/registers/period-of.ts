const MOSCOW = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Moscow', year: 'numeric', month: '2-digit' });
const HOUR_MS = 3_600_000;

/** The hour asked for last: a calendar's months begin with an hour, and most events are of the same one. */
let known = { hour: Number.NaN, period: '' };

/** The register's month of a moment, `yyyy-mm`, by the calendar of Europe/Moscow. */
export function periodOf(moment: Date): string {
  const hour = Math.floor(moment.getTime() / HOUR_MS);
  if (hour !== known.hour) known = { hour, period: format(moment) };
  return known.period;
}

function format(moment: Date): string {
  const parts = MOSCOW.formatToParts(moment);
  const part = (type: 'year' | 'month') => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}`;
}

/** The month after one. */
export function periodAfter(period: string): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${period.slice(0, 5)}${String(month + 1).padStart(2, '0')}`;
}
