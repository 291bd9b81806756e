import { describe, expect, test } from 'vitest';
import { osagoEditionOn } from './osago-corridors.ts';
import tables from './osago-tables.json' with { type: 'json' };
import { OsagoBaseRow } from './tariff.ts';

describe('osagoEditionOn', () => {
  test.each([
    ['2022-09-12', undefined],
    ['2022-09-13', '6209-У'],
    ['2025-12-08', '6209-У'],
    ['2025-12-09', '7204-У'],
    ['2026-06-22', '7204-У'],
    ['2030-01-01', '7204-У'],
  ])('on %s is %s', (date, name) => {
    expect(osagoEditionOn(date)?.name).toBe(name);
  });

  test('7204-У has the corridor of every row, in kopecks, as the table prints it in roubles', () => {
    const corridors = osagoEditionOn('2025-12-09')?.corridors;
    expect([...(corridors?.keys() ?? [])].toSorted()).toEqual(OsagoBaseRow.options.toSorted());
    for (const { id, min, max } of tables.baseRates) {
      expect(corridors?.get(OsagoBaseRow.parse(id)), id).toEqual({
        minMinor: Number(`${min}00`),
        maxMinor: Number(`${max}00`),
      });
    }
    expect(corridors?.get('2.2')).toEqual({ minMinor: 139_900, maxMinor: 866_500 });
    expect(corridors?.get('4.3')).toEqual({ minMinor: 229_500, maxMinor: 1_173_200 });
  });

  test('6209-У has only the rows whose both bounds are known', () => {
    const corridors = osagoEditionOn('2025-12-08')?.corridors;
    expect(Object.fromEntries(corridors ?? [])).toEqual({
      '2.1': { minMinor: 85_200, maxMinor: 572_200 },
      '2.2': { minMinor: 164_600, maxMinor: 753_500 },
      '2.3': { minMinor: 149_000, maxMinor: 1_575_600 },
    });
  });

  test('every corridor is of positive whole kopecks, the least below the most', () => {
    const corridors = ['2025-12-08', '2025-12-09'].flatMap((date) => [
      ...(osagoEditionOn(date)?.corridors.values() ?? []),
    ]);
    expect(corridors).toHaveLength(15);
    for (const { minMinor, maxMinor } of corridors) {
      expect([minMinor, maxMinor].every(Number.isSafeInteger)).toBe(true);
      expect(0 < minMinor && minMinor < maxMinor).toBe(true);
    }
  });
});
