import type { OsagoRisk } from '#contracts/quote.ts';
import type { OsagoBaseRow } from '#contracts/tariff.ts';
import { FACTORS, type FactorCode } from './factors.ts';
import tables from './tables.json' with { type: 'json' };

/** How a kind of vehicle is rated: its row of Annex 1, and the coefficients of its formula in order. */
export interface BaseRow {
  readonly row: OsagoBaseRow;
  readonly factors: readonly FactorCode[];
}

const isFactorCode = (code: string): code is FactorCode => Object.hasOwn(FACTORS, code);

/** A formula of the tables' meta without TB, the base rate itself; a coefficient we cannot read must not get lost. */
function formula(codes: readonly string[]): readonly FactorCode[] {
  return codes
    .filter((code) => code !== 'TB')
    .map((code) => {
      if (!isFactorCode(code)) throw new RangeError(`Cannot rate by formula ${codes.join(' x ')}: unknown ${code}`);
      return code;
    });
}

type Kind = Pick<OsagoRisk, 'category' | 'owner' | 'use'>;
const keyOf = ({ category, owner, use }: Kind): string => `${category}/${owner}/${use}`;

const ROWS: readonly (Kind & BaseRow)[] = [
  { category: 'B', owner: 'individual', use: 'personal', row: '2.2', factors: formula(tables.meta.formula.B_BE) },
];

const BY_KIND: ReadonlyMap<string, BaseRow> = new Map(ROWS.map((entry) => [keyOf(entry), entry]));

/** The base row of a risk; undefined for a kind that is not sold. */
export function baseRowOf(risk: Kind): BaseRow | undefined {
  return BY_KIND.get(keyOf(risk));
}
