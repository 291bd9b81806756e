import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';
import { fraction, halfUp, product } from '../fraction.testing.ts';

const { B_BE, A_M_A1_B1, C_D_Tb_Tm_tractor } = tables.meta.formula;

function formulaOf(category: string): readonly string[] {
  if (category === 'A') return A_M_A1_B1;
  return category.startsWith('B') ? B_BE : C_D_Tb_Tm_tractor;
}

function territory({ category, subject, locality, startsOn }: OsagoRisk): string | null | undefined {
  const inForce = tables.kt.filter(
    (row) =>
      row.subject === subject &&
      row.locality === locality &&
      row.effectiveFrom <= startsOn &&
      (row.effectiveTo ?? '9999') >= startsOn,
  );
  const newest = inForce.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom)).at(-1);
  return category === 'tractor' ? newest?.tractor : newest?.car;
}

function ageAndExperience({ category, owner, drivers }: OsagoRisk): readonly string[] {
  if (drivers === 'unlimited') return ['1'];
  const rows = category === 'A' ? tables.kvsMoto : tables.kvs;
  const values = drivers.map(({ age, experience }) => {
    const ofAge = rows.filter((row) => row.ageFrom <= age && age <= (row.ageTo ?? 999));
    return ofAge.find((row) => row.expFrom <= experience && experience <= (row.expTo ?? 999))?.value ?? '';
  });
  const highest = String(Math.max(...values.map(Number)));
  return owner === 'legal' ? [highest, '1.8'] : [highest];
}

function drivingList({ owner, drivers, startsOn }: OsagoRisk): string {
  if (drivers !== 'unlimited') return '1';
  if (owner === 'legal') return '1.97';
  return startsOn < '2025-12-09' ? '2.32' : '3.16';
}

function power({ category, powerHp = Number.NaN }: OsagoRisk): string | undefined {
  const rows = category === 'A' ? tables.kmMoto : tables.km;
  return rows.find((row) => Number(row.hpFrom) < powerHp && powerHp <= Number(row.hpTo ?? 9_999))?.value;
}

/**
 * For tests: a premium in kopecks the long way: a scan of the raw tables, fractions, one rounding. Undefined where the
 * tables have no KT.
 */
export function referencePremium(risk: OsagoRisk, baseMinor: number): bigint | undefined {
  const kt = territory(risk);
  if (!kt) return undefined;
  const texts: Readonly<Record<string, readonly (string | undefined)[]>> = {
    TB: [],
    KT: [kt],
    KBM: [tables.kbm.classes.find((row) => row.class === risk.kbm)?.value],
    KVS: ageAndExperience(risk),
    KO: [drivingList(risk)],
    KM: [power(risk)],
    KS: [tables.ks.find((row) => row.months === risk.months)?.value],
  };
  const coefficients = formulaOf(risk.category).flatMap((code) => texts[code] ?? [undefined]);
  return halfUp(product([[BigInt(baseMinor), 1n], ...coefficients.map((text) => fraction(text ?? ''))]));
}
