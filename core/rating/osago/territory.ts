import { decimal, type ExactDecimal } from '../decimal.ts';
import { nameKey } from './name-key.ts';
import tables from './tables.json' with { type: 'json' };

/** The locality of a row that covers its subject whole. */
export const WHOLE_SUBJECT = 'весь субъект';
/** The locality of a row that covers what its subject does not list. */
export const OTHER_LOCALITIES = 'прочие города и населённые пункты';
/** Vehicles registered abroad: other formulas (KP instead of KS), not sold here. */
export const FOREIGN = 'иностранное государство';

interface KtRow {
  readonly from: string;
  readonly to: string | null;
  readonly car: ExactDecimal;
}

interface Locality {
  readonly name: string;
  /** Newest first. */
  readonly rows: KtRow[];
}

/** A subject of the federation with the localities that the table lists for it. */
export interface Subject {
  readonly name: string;
  readonly localities: ReadonlyMap<string, Locality>;
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
    locality.rows.push({ from: row.effectiveFrom, to: row.effectiveTo, car: decimal(row.car) });
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

/**
 * KT for cars on a date; names in the table's spelling. The newest row in force holds: one of an older edition without
 * an end still is. Undefined when there is none. Source: Annex 2, as transcribed in tables.json.
 */
export function territoryFactor(place: { subject: string; locality: string; on: string }): ExactDecimal | undefined {
  const rows = ROWS.get(place.subject)?.get(place.locality);
  return rows?.find((row) => row.from <= place.on && (row.to === null || place.on <= row.to))?.car;
}
