import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { type Corridor, osagoEditionOn } from '#contracts/osago-corridors.ts';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import type { Book, Rate } from '../simulator.ts';
import { integer } from './read-body.ts';

const PERCENT = { min: -99, max: 10_000 };
const PRICE = { min: 1, max: 999_999_999 };
const percentMessage = `must be a number from ${PERCENT.min} to ${PERCENT.max} with at most two decimal places`;
const anyway = z.boolean('must be true or false').default(false);

/** Every rate that has not ended, by so many per cent. */
export const ChangeByPercent = z.strictObject({
  percent: z
    .number(percentMessage)
    .min(PERCENT.min, percentMessage)
    .max(PERCENT.max, percentMessage)
    .refine((percent) => Math.round(percent * 100) / 100 === percent, percentMessage),
  anyway,
});

/** The rate in force of one row, to so many kopecks. */
export const SetRate = z.strictObject({ row: OsagoBaseRow, baseRateMinor: integer(PRICE), anyway });

/** What both take, for who sent something else. */
export const ALLOWED_CHANGES = [
  `{ "percent": ${PERCENT.min} to ${PERCENT.max} } or`,
  `{ "row": ${OsagoBaseRow.options.map((row) => `"${row}"`).join(' | ')}, "baseRateMinor": ${PRICE.min} to ${PRICE.max} },`,
  'each with "anyway": true to leave the official corridor',
].join(' ');

/** The rates in force on a day, ISO 8601. */
export function ratesInForce(book: Book, today: string): Rate[] {
  return book.osago.rates.filter(({ from, until }) => from <= today && !hasEnded(until, today));
}

/** Changes the book's rates in whole kopecks, inside the corridors of their rows unless `anyway`. */
export function changeByPercent(
  book: Book,
  { percent, anyway, today }: z.output<typeof ChangeByPercent> & { today: string },
): void {
  // Hundredths of a per cent, so that the product is exact.
  const share = 10_000 + Math.round(percent * 100);
  for (const rate of book.osago.rates) {
    if (hasEnded(rate.until, today)) continue;
    const price = Math.min(PRICE.max, Math.max(PRICE.min, Math.round((rate.baseRateMinor * share) / 10_000)));
    const corridor = anyway ? undefined : corridorOf(rate, today);
    rate.baseRateMinor = corridor ? Math.min(corridor.maxMinor, Math.max(corridor.minMinor, price)) : price;
  }
}

/** Sets a row's rate in force. Throws HTTPException 400 for a row not sold, or a price outside its corridor unless `anyway`. */
export function setRate(
  book: Book,
  { row, baseRateMinor, anyway, today }: z.output<typeof SetRate> & { today: string },
): void {
  const inForce = ratesInForce(book, today);
  const rate = inForce.find((candidate) => candidate.row === row);
  if (!rate) {
    const sold = inForce.map((candidate) => candidate.row).join(', ');
    throw new HTTPException(400, { message: `row "${row}" has no rate in force on ${today}; allowed: ${sold}` });
  }
  const corridor = corridorOf(rate, today);
  if (!anyway && corridor && (baseRateMinor < corridor.minMinor || baseRateMinor > corridor.maxMinor)) {
    const bounds = `${corridor.minMinor} to ${corridor.maxMinor}`;
    throw new HTTPException(400, {
      message: `baseRateMinor ${baseRateMinor} is outside the official corridor of row "${row}"; allowed: ${bounds}, or "anyway": true`,
    });
  }
  rate.baseRateMinor = baseRateMinor;
}

const hasEnded = (until: string | null, today: string) => until !== null && until <= today;

/** On the first day from today on which the rate holds; undefined for a row that the table does not bound. */
function corridorOf({ row, from }: Rate, today: string): Corridor | undefined {
  return osagoEditionOn(from > today ? from : today)?.corridors.get(row as OsagoBaseRow);
}
