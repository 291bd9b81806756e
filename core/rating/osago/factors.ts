import type { OsagoRisk } from '#contracts/quote.ts';
import { decimal, type ExactDecimal, isMore } from '../decimal.ts';
import { editionOn } from './editions.ts';
import tables from './tables.json' with { type: 'json' };
import { territoryFactor } from './territory.ts';

const NOT_APPLIED = decimal('1.00');

const KBM = new Map(tables.kbm.classes.map((row) => [row.class, decimal(row.value)]));
const KS = new Map(tables.ks.map((row) => [row.months, decimal(row.value)]));
const KM = tables.km.map((row) => ({
  toHp: row.hpTo === null ? Number.POSITIVE_INFINITY : Number(row.hpTo),
  value: decimal(row.value),
}));
const KO_LIMITED = decimal(tables.ko.limited);

/** Classes of the bonus-malus scale, worst first. */
export const KBM_CLASSES: readonly string[] = [...KBM.keys()];

/** Months of use that the table of KS has. */
export const MONTHS: readonly number[] = [...KS.keys()];

/** KVS by age, then by experience, so that a look-up is two indexings; holes where the table has no row. */
const KVS: readonly (readonly (ExactDecimal | undefined)[])[] = Array.from({ length: 100 }, (_, age) => {
  const band = tables.kvs
    .filter((row) => row.ageFrom <= age && age <= (row.ageTo ?? 99))
    .map((row) => ({ from: row.expFrom, to: row.expTo ?? 99, value: decimal(row.value) }));
  return Array.from({ length: 84 }, (_, experience) => {
    return band.find((row) => row.from <= experience && experience <= row.to)?.value;
  });
});

/** Several drivers: the highest KVS (Annex 4 item 11). Unlimited: not applied (Annex 4 item 10). */
function driversFactor({ drivers }: OsagoRisk): ExactDecimal | undefined {
  if (drivers === 'unlimited') return NOT_APPLIED;
  let highest: ExactDecimal | undefined;
  for (const { age, experience } of drivers) {
    const value = KVS[age]?.[experience];
    if (!value) return undefined;
    if (!highest || isMore(value, highest)) highest = value;
  }
  return highest;
}

/** Unlimited drivers cost KO instead of KVS (Annex 4 item 10). */
function listFactor(risk: OsagoRisk): ExactDecimal | undefined {
  return risk.drivers === 'unlimited' ? editionOn(risk.startsOn)?.koUnlimited[risk.owner] : KO_LIMITED;
}

export type FactorCode = 'KT' | 'KBM' | 'KVS' | 'KO' | 'KM' | 'KS';

/** Every coefficient of Annex 2 by its code; undefined when the tables have none for the risk. */
export const FACTORS: Readonly<Record<FactorCode, (risk: OsagoRisk) => ExactDecimal | undefined>> = {
  KT: ({ subject, locality, startsOn }) => territoryFactor({ subject, locality, on: startsOn }),
  KBM: (risk) => KBM.get(risk.kbm),
  KVS: driversFactor,
  KO: listFactor,
  // A band holds its upper bound and not its lower one: 150 hp is 1.40 (`kmMeta`).
  KM: (risk) => KM.find((band) => risk.powerHp <= band.toHp)?.value,
  KS: (risk) => KS.get(risk.months),
};
