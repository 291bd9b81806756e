import tables from './osago-tables.json' with { type: 'json' };
import { OsagoBaseRow } from './tariff.ts';

/** Base rates allowed, kopecks, both inclusive. */
export interface Corridor {
  readonly minMinor: number;
  readonly maxMinor: number;
}

/** An edition of the directive: the corridors of its Annex 1. */
export interface OsagoEdition {
  readonly name: '7204-У' | '6209-У';
  /** The first day it is in force. */
  readonly from: string;
  readonly corridors: ReadonlyMap<OsagoBaseRow, Corridor>;
}

interface CorridorRow {
  readonly id: string;
  readonly min: string | null;
  readonly max: string;
}

/** The table prints whole roubles. Throws a RangeError on anything else. */
function kopecks(roubles: string): number {
  if (!/^\d{1,7}$/.test(roubles)) throw new RangeError(`Cannot read "${roubles}" as whole roubles`);
  return Number(roubles) * 100;
}

/** Rows whose minimum is unknown are left out: what cannot be checked is not rated. */
function corridorsOf(rows: readonly CorridorRow[]): OsagoEdition['corridors'] {
  const corridors = new Map<OsagoBaseRow, Corridor>();
  for (const { id, min, max } of rows) {
    if (min !== null) corridors.set(OsagoBaseRow.parse(id), { minMinor: kopecks(min), maxMinor: kopecks(max) });
  }
  return corridors;
}

/** Newest first. */
const EDITIONS: readonly OsagoEdition[] = [
  { name: '7204-У', from: tables.meta.effectiveFrom, corridors: corridorsOf(tables.baseRates) },
  // `history` of the tables' meta: in force since then with "B individual 1646-7535".
  { name: '6209-У', from: '2022-09-13', corridors: corridorsOf(tables.baseRatesPrevious.rows) },
];

/** The edition in force on a date (ISO 8601); undefined before the oldest known. Source: osago-tables.json. */
export function osagoEditionOn(date: string): OsagoEdition | undefined {
  return EDITIONS.find((edition) => edition.from <= date);
}
