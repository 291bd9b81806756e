import type { OsagoRisk } from '#contracts/quote.ts';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import { decimal, type ExactDecimal, productMinor } from '../decimal.ts';
import tables from './tables.json' with { type: 'json' };

/** Base rates allowed, kopecks, both inclusive. */
export interface Corridor {
  readonly minMinor: number;
  readonly maxMinor: number;
}

/** What changed with an edition of the directive: the corridors (Annex 1) and KO for unlimited drivers. */
export interface Edition {
  readonly name: string;
  /** The first day it is in force. */
  readonly from: string;
  readonly corridors: ReadonlyMap<OsagoBaseRow, Corridor>;
  readonly koUnlimited: Readonly<Record<OsagoRisk['owner'], ExactDecimal>>;
}

interface CorridorRow {
  readonly id: string;
  readonly min: string | null;
  readonly max: string;
}

const minor = (roubles: string): number => productMinor(decimal(roubles), []);

/** Rows whose minimum is unknown are left out: what cannot be checked is not rated. */
function corridorsOf(rows: readonly CorridorRow[]): ReadonlyMap<OsagoBaseRow, Corridor> {
  const corridors = new Map<OsagoBaseRow, Corridor>();
  for (const { id, min, max } of rows) {
    if (min !== null) corridors.set(OsagoBaseRow.parse(id), { minMinor: minor(min), maxMinor: minor(max) });
  }
  return corridors;
}

/** Newest first. KO: 3.16 is of 7204-У, 2.32 of the editions before it (`conflicts` of the tables' meta). */
const EDITIONS: readonly Edition[] = [
  {
    name: '7204-У',
    from: tables.meta.effectiveFrom,
    corridors: corridorsOf(tables.baseRates),
    koUnlimited: { individual: decimal(tables.ko.unlimitedIndividual) },
  },
  {
    name: '6209-У',
    // `history` of the tables' meta: in force since then with "B individual 1646-7535".
    from: '2022-09-13',
    corridors: corridorsOf(tables.baseRatesPrevious.rows),
    koUnlimited: { individual: decimal(tables.ko.previous.unlimitedIndividual) },
  },
];

/** The edition in force on a date; undefined before the oldest known. */
export function editionOn(date: string): Edition | undefined {
  return EDITIONS.find((edition) => edition.from <= date);
}
