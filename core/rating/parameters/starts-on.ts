import { IsoDate } from '#contracts/words.ts';
import type { Parameter } from './parameter.ts';
import type { Reading } from './reading.ts';

/** How many days after today a policy may start at the latest. */
export const LATEST_START_DAYS = 60;

/** A calendar date some days later; both ISO 8601. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The first and the last day a policy may start, both inclusive, seen from `today` in Moscow. */
export function startBounds(today: string): { first: string; last: string } {
  return { first: addDays(today, 1), last: addDays(today, LATEST_START_DAYS) };
}

/** The day the policy starts, inside `startBounds`. */
export function readStartsOn(text: string, today: string): Reading<string> {
  const { first, last } = startBounds(today);
  const inside = IsoDate.safeParse(text).success && first <= text && text <= last;
  return inside ? { value: text } : { error: `must be a date from ${first} to ${last}, such as ${first}` };
}

/** The first day of cover, the same in every product. */
export const STARTS_ON: Parameter<string, unknown> = {
  label: { en: 'First day of cover', ru: 'Первый день действия полиса' },
  type: 'date',
  allowed: `a date from tomorrow to ${LATEST_START_DAYS} days ahead in Europe/Moscow; default tomorrow`,
  bounds: (today) => ({ minimum: startBounds(today).first, maximum: startBounds(today).last }),
  example: (today) => startBounds(today).first,
  read: (text, { today }) => readStartsOn(text, today),
  absent: ({ today }) => ({ value: startBounds(today).first }),
  default: (today) => startBounds(today).first,
};
