import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';
import { decimal, type ExactDecimal, isMore, times } from '../decimal.ts';
import type { AppliedFactor } from '../price.ts';
import { DRIVER } from './drivers.ts';
import { officialFactor } from './official-factor.ts';

/** By age, then by experience, so that a look-up is two indexings; holes where the table has no row. */
type KvsTable = readonly (readonly (AppliedFactor | undefined)[])[];

function kvsTable(rows: typeof tables.kvs, multiplier: ExactDecimal): KvsTable {
  const bands = rows.map((row) => ({ ...row, factor: officialFactor('KVS', times(decimal(row.value), multiplier)) }));
  const upTo = (most: number) => Array.from({ length: most + 1 }, (_, index) => index);
  return upTo(DRIVER.maxAge).map((age) => {
    const ofAge = bands.filter((band) => band.ageFrom <= age && age <= (band.ageTo ?? age));
    return upTo(DRIVER.maxAge - DRIVER.licenceAge).map(
      (years) => ofAge.find((band) => band.expFrom <= years && years <= (band.expTo ?? years))?.factor,
    );
  });
}

/** A legal owner's list of drivers costs 1.8 times as much (Annex 2 item 5.3). */
const tablesByOwner = (rows: typeof tables.kvs): Readonly<Record<OsagoRisk['owner'], KvsTable>> => ({
  individual: kvsTable(rows, decimal('1')),
  legal: kvsTable(rows, decimal(tables.kvsLegalMultiplier.value)),
});

/** Motorcycles have a table of their own (`kvsMotoMeta`). */
const MOTORCYCLES = tablesByOwner(tables.kvsMoto);
const OTHERS = tablesByOwner(tables.kvs);

const NOT_APPLIED = officialFactor('KVS', decimal('1.00'));

/** Several drivers: the highest KVS (Annex 4 item 11). Unlimited: not applied (Annex 4 item 10). */
export function driversFactor({ category, owner, drivers }: OsagoRisk): AppliedFactor | undefined {
  if (drivers === 'unlimited') return NOT_APPLIED;
  const table = (category === 'A' ? MOTORCYCLES : OTHERS)[owner];
  let highest: AppliedFactor | undefined;
  for (const { age, experience } of drivers) {
    const factor = table[age]?.[experience];
    if (!factor) return undefined;
    if (!highest || isMore(factor.value, highest.value)) highest = factor;
  }
  return highest;
}
