import type { OsagoRisk } from '#contracts/quote.ts';
import tables from './tables.json' with { type: 'json' };

type Fraction = readonly [numerator: bigint, denominator: bigint];

function fraction(text: string): Fraction {
  const [whole = '', digits = ''] = text.split('.');
  return [BigInt(whole + digits), 10n ** BigInt(digits.length)];
}

/** For tests: a premium in kopecks the long way: a scan of the raw tables of 7204-У, fractions, one rounding. */
export function referencePremium(risk: OsagoRisk, baseMinor: number): bigint {
  const { subject, locality, startsOn, kbm, drivers, powerHp, months } = risk;
  const inForce = tables.kt.filter(
    (row) =>
      row.subject === subject &&
      row.locality === locality &&
      row.effectiveFrom <= startsOn &&
      (row.effectiveTo ?? '9999') >= startsOn,
  );
  const kvs =
    drivers === 'unlimited'
      ? ['1']
      : drivers.map(
          ({ age, experience }) =>
            tables.kvs.find(
              (row) =>
                row.ageFrom <= age &&
                age <= (row.ageTo ?? 999) &&
                row.expFrom <= experience &&
                experience <= (row.expTo ?? 999),
            )?.value ?? '',
        );
  const texts = [
    inForce.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom)).at(-1)?.car,
    tables.kbm.classes.find((row) => row.class === kbm)?.value,
    String(Math.max(...kvs.map(Number))),
    drivers === 'unlimited' ? '3.16' : '1',
    tables.km.find((row) => Number(row.hpFrom) < powerHp && powerHp <= Number(row.hpTo ?? 9_999))?.value,
    tables.ks.find((row) => row.months === months)?.value,
  ];
  const [top, bottom] = texts
    .map((text) => fraction(text ?? ''))
    .reduce<Fraction>(([a, b], [c, d]) => [a * c, b * d], [BigInt(baseMinor), 1n]);
  return top / bottom + (2n * (top % bottom) >= bottom ? 1n : 0n);
}
