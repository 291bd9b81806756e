import type { OsagoRisk } from '#contracts/risk.ts';
import type { OsagoTerms } from '#contracts/tariff.ts';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import type { Rating } from '../price.ts';
import { OSAGO } from './osago.ts';

/** For tests: the rating of a risk by an insurer with the same base rate in every row, kopecks. */
export function rateAt(risk: OsagoRisk, baseMinor: number): Rating {
  const rates = OsagoBaseRow.options.map((row) => [row, baseMinor]);
  const baseRatesMinor: OsagoTerms['baseRatesMinor'] = Object.fromEntries(rates);
  return OSAGO.rate({ risk, terms: { baseRatesMinor } });
}

/** For tests: the same of a risk that must be rated; throws unless it is. */
export function ratedAt(risk: OsagoRisk, baseMinor: number): Extract<Rating, { status: 'rated' }> {
  const rating = rateAt(risk, baseMinor);
  if (rating.status !== 'rated') throw new Error(rating.reason);
  return rating;
}
