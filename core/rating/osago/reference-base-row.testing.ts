import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';

type Row = (typeof tables.baseRates)[number];

/** For tests: the base row by the words of the table itself: its categories, its owners, its limits of mass. */
export function referenceBaseRow({ category, owner, use, maxMassKg = 0 }: OsagoRisk): Row {
  const ofCategory = tables.baseRates.filter((row) => row.category.split(',').includes(category));
  const whose = use === 'personal' ? owner : use;
  const ofOwner = ofCategory.filter((row) => row.owner === whose);
  const rows = ofOwner.length > 0 ? ofOwner : ofCategory.filter((row) => row.owner === 'any');
  const byMass = rows.filter((row) => row.label.includes(maxMassKg > 16_000 ? 'более 16 т' : 'до 16 т включительно'));
  const [row, ...others] = rows.length > 1 ? byMass : rows;
  if (!row || others.length > 0) throw new Error(`No single row for ${category}, ${owner}, ${use}, ${maxMassKg} kg`);
  return row;
}
