const OFFSET_MS = 3 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** The calendar day in Moscow at a moment, as a number; NaN of no moment. */
export const moscowDay = (at: number): number => Math.floor((at + OFFSET_MS) / DAY_MS);

/** Such a day as `2026-11-22`. */
export const isoOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
