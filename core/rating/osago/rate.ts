import { type OsagoEdition, osagoEditionOn } from '#contracts/osago-corridors.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import type { OsagoBaseRow, OsagoTerms } from '#contracts/tariff.ts';
import { roubles } from '../decimal.ts';
import { type AppliedFactor, declined, price, type Rating } from '../price.ts';
import { FACTORS } from './factors.ts';
import type { FactorCode } from './official-factor.ts';
import { baseRowOf, VEHICLES } from './vehicles.ts';

/**
 * Rates a canonical risk at an insurer's own base rate times the official coefficients. A base rate outside the
 * official corridor is declined, never rated.
 */
export function rateOsago({ risk, terms }: { risk: OsagoRisk; terms: OsagoTerms }): Rating {
  const row = baseRowOf(risk);
  if (!row) return declined(noBaseRow(risk));
  const edition = osagoEditionOn(risk.startsOn);
  if (!edition) return declined(`no official tables known for ${risk.startsOn}`);
  const baseMinor = terms.baseRatesMinor[row];
  if (baseMinor === undefined) return declined(`does not sell base row ${row}`);
  const outside = outsideCorridor(baseMinor, { row, edition });
  if (outside !== undefined) return declined(outside);
  const factors = factorsOf(risk);
  if (typeof factors === 'string') return declined(factors);
  return price(roubles(baseMinor), factors);
}

/** Only risks that no query of ours gives. */
function noBaseRow({ category, owner, use, maxMassKg }: OsagoRisk): string {
  const { uses } = VEHICLES[category];
  const reason = uses.includes(use) && maxMassKg === undefined ? ' without maxMassKg' : '';
  return `no base row for category ${category}, ${owner}, ${use}${reason}`;
}

function outsideCorridor(baseMinor: number, { row, edition }: { row: OsagoBaseRow; edition: OsagoEdition }) {
  const corridor = edition.corridors.get(row);
  if (!corridor) return `no official corridor known for base row ${row} in ${edition.name}`;
  const { minMinor, maxMinor } = corridor;
  if (Number.isInteger(baseMinor) && minMinor <= baseMinor && baseMinor <= maxMinor) return undefined;
  const bounds = `${roubles(minMinor).text} to ${roubles(maxMinor).text}`;
  return `base rate of row ${row} is outside the official corridor of ${bounds} roubles (${edition.name})`;
}

/** The coefficients in the formula's order; a text says which one the tables do not have. */
function factorsOf(risk: OsagoRisk): readonly AppliedFactor[] | string {
  const factors: AppliedFactor[] = [];
  for (const code of VEHICLES[risk.category].formula) {
    const factor = FACTORS[code](risk);
    if (!factor) return missing(code, risk);
    factors.push(factor);
  }
  return factors;
}

function missing(code: FactorCode, { category, subject, locality, startsOn }: OsagoRisk): string {
  if (code !== 'KT') return `no official coefficient ${code} for this risk`;
  const machine = category === 'tractor' ? ' for this machine' : '';
  return `no official KT${machine} in "${locality}" (${subject}) on ${startsOn}`;
}
