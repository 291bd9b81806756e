import type { Book } from '../simulator.ts';

/** A book of which every price is a hundred times as high; the book given stays as it is. */
export function absurdPrices(book: Book): Book {
  const { osago, travel, property, life } = structuredClone(book);
  for (const rate of osago.rates) rate.baseRateMinor *= 100;
  if (travel) travel.terms.dailyRateMinor *= 100;
  if (property) {
    const { ratePerMille } = property.terms;
    for (const premises of ['flat', 'house'] as const) {
      const rate = ratePerMille[premises];
      if (rate !== undefined) ratePerMille[premises] = hundredfold(rate);
    }
  }
  if (life) life.terms.ratePerMille = hundredfold(life.terms.ratePerMille);
  return { osago, ...(travel && { travel }), ...(property && { property }), ...(life && { life }) };
}

/** A rate has at most four decimal places, so its ten-thousandths are whole. */
const hundredfold = (rate: string) => String(Math.round(Number(rate) * 10_000) / 100);
