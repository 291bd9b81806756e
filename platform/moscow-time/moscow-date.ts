const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Moscow', dateStyle: 'short' });

/** The calendar date in Moscow at a moment, ISO 8601. */
export const moscowDate = (at: Date): string => DAY.format(at);
