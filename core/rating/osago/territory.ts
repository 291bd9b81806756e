import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { decimal } from '../decimal.ts';
import type { AppliedFactor } from '../price.ts';
import { nameKey } from './name-key.ts';
import { officialFactor } from './official-factor.ts';

/** The locality of a row that covers its subject whole. */
export const WHOLE_SUBJECT = 'весь субъект';
/** The locality of a row that covers what its subject does not list. */
export const OTHER_LOCALITIES = 'прочие города и населённые пункты';
/** Vehicles registered abroad: other formulas (KP instead of KS), not sold here. */
export const FOREIGN = 'иностранное государство';

/** KT of a place for a time; `tractor` where the table has one, `car` for all other vehicles. */
export interface KtRow {
  readonly from: string;
  /** The last day; null: no end. */
  readonly to: string | null;
  readonly car: AppliedFactor;
  readonly tractor: AppliedFactor | undefined;
}

export interface Locality {
  readonly name: string;
  /** Newest first. */
  readonly rows: KtRow[];
}

/** A subject of the federation with the localities that the table lists for it. */
export interface Subject {
  readonly name: string;
  readonly localities: ReadonlyMap<string, Locality>;
}

function ktRow(row: (typeof tables.kt)[number]): KtRow {
  const factor = (text: string) => officialFactor('KT', decimal(text), row);
  return {
    from: row.effectiveFrom,
    to: row.effectiveTo,
    car: factor(row.car),
    tractor: row.tractor === null ? undefined : factor(row.tractor),
  };
}

function buildSubjects(): ReadonlyMap<string, Subject> {
  const subjects = new Map<string, { name: string; localities: Map<string, Locality> }>();
  const newestFirst = tables.kt.toSorted((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom));
  for (const row of newestFirst) {
    if (row.subject === FOREIGN) continue;
    const subject = subjects.get(nameKey(row.subject)) ?? { name: row.subject, localities: new Map() };
    subjects.set(nameKey(row.subject), subject);
    const locality: Locality = subject.localities.get(nameKey(row.locality)) ?? { name: row.locality, rows: [] };
    subject.localities.set(nameKey(row.locality), locality);
    locality.rows.push(ktRow(row));
  }
  return subjects;
}

/** Subjects by `nameKey`, their localities likewise. */
export const SUBJECTS: ReadonlyMap<string, Subject> = buildSubjects();

/** Rows by the table's own spelling: the way of a canonical risk, without folding. */
const ROWS: ReadonlyMap<string, ReadonlyMap<string, readonly KtRow[]>> = new Map(
  [...SUBJECTS.values()].map(({ name, localities }) => [
    name,
    new Map([...localities.values()].map((locality) => [locality.name, locality.rows])),
  ]),
);

/** The newest row in force on a date: one of an older edition without an end still is. */
export function inForceOn(date: string, rows: readonly KtRow[]): KtRow | undefined {
  return rows.find((row) => row.from <= date && (row.to === null || date <= row.to));
}

/**
 * KT of a place on a date; names in the table's spelling. Undefined when there is none. Source: Annex 2, as transcribed
 * in osago-tables.json.
 */
export function territoryRow(place: { subject: string; locality: string }, date: string): KtRow | undefined {
  return inForceOn(date, ROWS.get(place.subject)?.get(place.locality) ?? []);
}
