/** When a calendar date begins in Moscow; it is UTC+3 all year (Federal Law 248-FZ of 2014). */
export const moscowMidnight = (date: string): Date => new Date(`${date}T00:00:00+03:00`);
