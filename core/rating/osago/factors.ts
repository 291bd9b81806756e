import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';
import { decimal } from '../decimal.ts';
import type { AppliedFactor } from '../price.ts';
import { driversFactor } from './drivers-factor.ts';
import { koUnlimitedOn } from './editions.ts';
import { type FactorCode, officialFactor, type RowDoubt } from './official-factor.ts';
import { territoryRow } from './territory.ts';

const kbmTable = (doubt?: RowDoubt): ReadonlyMap<string, AppliedFactor> =>
  new Map(tables.kbm.classes.map((row) => [row.class, officialFactor('KBM', decimal(row.value), doubt)]));

/** Whose class an unlimited list takes is a rule of its own, of its own confidence. */
const KBM_LISTED = kbmTable();
const KBM_UNLIMITED = kbmTable(tables.kbm.rules.find(({ rule }) => rule.startsWith('unlimited drivers')));

const KS = new Map(tables.ks.map((row) => [row.months, officialFactor('KS', decimal(row.value))]));
const KO_LISTED = officialFactor('KO', decimal(tables.ko.limited));

/** Months of use that the table of KS has. */
export const MONTHS: readonly number[] = [...KS.keys()];

const powerBands = (rows: typeof tables.km) =>
  rows.map((row) => ({
    toHp: row.hpTo === null ? Number.POSITIVE_INFINITY : Number(row.hpTo),
    factor: officialFactor('KM', decimal(row.value)),
  }));

const KM_MOTORCYCLES = powerBands(tables.kmMoto);
const KM_CARS = powerBands(tables.km);

/** A band holds its upper bound and not its lower one: a car of 150 hp has 1.40 (`kmMeta`). */
function powerFactor({ category, powerHp }: OsagoRisk): AppliedFactor | undefined {
  if (powerHp === undefined) return undefined;
  return (category === 'A' ? KM_MOTORCYCLES : KM_CARS).find((band) => powerHp <= band.toHp)?.factor;
}

/** Every coefficient of Annex 2 by its code; undefined when the tables have none for the risk. */
export const FACTORS: Readonly<Record<FactorCode, (risk: OsagoRisk) => AppliedFactor | undefined>> = {
  KT: (risk) => territoryRow(risk, risk.startsOn)?.[risk.category === 'tractor' ? 'tractor' : 'car'],
  KBM: (risk) => (risk.drivers === 'unlimited' ? KBM_UNLIMITED : KBM_LISTED).get(risk.kbm),
  KVS: driversFactor,
  // Unlimited drivers cost KO instead of KVS (Annex 4 item 10).
  KO: (risk) => (risk.drivers === 'unlimited' ? koUnlimitedOn(risk.startsOn, risk.owner) : KO_LISTED),
  KM: powerFactor,
  KS: (risk) => KS.get(risk.months),
};
