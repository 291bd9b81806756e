import { type OsagoEdition, osagoEditionOn } from '#contracts/osago-corridors.ts';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';
import { decimal } from '../decimal.ts';
import type { AppliedFactor } from '../price.ts';
import { officialFactor } from './official-factor.ts';

type KoUnlimited = Readonly<Record<OsagoRisk['owner'], AppliedFactor>>;

const koOf = (row: { unlimitedIndividual: string; unlimitedLegal: string }): KoUnlimited => ({
  individual: officialFactor('KO', decimal(row.unlimitedIndividual)),
  legal: officialFactor('KO', decimal(row.unlimitedLegal)),
});

/** KO for unlimited drivers: 3.16 is of 7204-У, 2.32 of the editions before it (`conflicts` of the tables' meta). */
const KO_UNLIMITED: Readonly<Record<OsagoEdition['name'], KoUnlimited>> = {
  '7204-У': koOf(tables.ko),
  '6209-У': koOf(tables.ko.previous),
};

/** KO for unlimited drivers by the edition in force on a date; undefined before the oldest known. */
export function koUnlimitedOn(date: string, owner: OsagoRisk['owner']): AppliedFactor | undefined {
  const edition = osagoEditionOn(date);
  return edition && KO_UNLIMITED[edition.name][owner];
}
