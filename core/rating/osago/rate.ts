import type { Offer, OsagoRisk } from '#contracts/quote.ts';
import type { OsagoTerms } from '#contracts/tariff.ts';
import { type ExactDecimal, productMinor, roubles } from '../decimal.ts';
import { type BaseRow, baseRowOf } from './base-row.ts';
import { type Edition, editionOn } from './editions.ts';
import { FACTORS, type FactorCode } from './factors.ts';

/** A price in kopecks and how it came about, or why there is none. */
export type OsagoRating =
  | { status: 'rated'; premiumMinor: number; breakdown: Offer['breakdown'] }
  | { status: 'declined'; reason: string };

interface Factor {
  readonly code: FactorCode;
  readonly value: ExactDecimal;
}

const declined = (reason: string): OsagoRating => ({ status: 'declined', reason });

/**
 * Rates a canonical risk at an insurer's own base rate: the exact product of the base and the coefficients, rounded
 * half up to a kopeck, once. A base rate outside the official corridor is declined, never rated.
 */
export function rateOsago({ risk, terms }: { risk: OsagoRisk; terms: OsagoTerms }): OsagoRating {
  const kind = baseRowOf(risk);
  const edition = editionOn(risk.startsOn);
  if (!kind) return declined(`no base row for category ${risk.category}, ${risk.owner}, ${risk.use}`);
  if (!edition) return declined(`no official tables known for ${risk.startsOn}`);
  const baseMinor = terms.baseRatesMinor[kind.row];
  if (baseMinor === undefined) return declined(`does not sell base row ${kind.row}`);
  const outside = outsideCorridor(baseMinor, { row: kind.row, edition });
  if (outside !== undefined) return declined(outside);
  const factors = factorsOf(risk, kind);
  if (typeof factors === 'string') return declined(factors);
  return priced(baseMinor, factors);
}

function outsideCorridor(baseMinor: number, { row, edition }: { row: BaseRow['row']; edition: Edition }) {
  const corridor = edition.corridors.get(row);
  if (!corridor) return `no official corridor known for base row ${row} in ${edition.name}`;
  const { minMinor, maxMinor } = corridor;
  if (Number.isInteger(baseMinor) && minMinor <= baseMinor && baseMinor <= maxMinor) return undefined;
  const bounds = `${roubles(minMinor).text} to ${roubles(maxMinor).text}`;
  return `base rate of row ${row} is outside the official corridor of ${bounds} roubles (${edition.name})`;
}

/** The coefficients in the formula's order; a text says which one the tables do not have. */
function factorsOf(risk: OsagoRisk, kind: BaseRow): readonly Factor[] | string {
  const factors: Factor[] = [];
  for (const code of kind.factors) {
    const value = FACTORS[code](risk);
    if (!value) return `no official coefficient ${code} for this risk`;
    factors.push({ code, value });
  }
  return factors;
}

function priced(baseMinor: number, factors: readonly Factor[]): OsagoRating {
  const base = roubles(baseMinor);
  return {
    status: 'rated',
    premiumMinor: productMinor(
      base,
      factors.map((factor) => factor.value),
    ),
    breakdown: { base: base.text, factors: factors.map(({ code, value }) => ({ code, value: value.text })) },
  };
}
