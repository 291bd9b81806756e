import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OsagoRisk, VehicleCategory, VehicleOwner, VehicleUse } from '#contracts/risk.ts';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import { anyRisk } from './any-query.testing.ts';
import { referenceBaseRow } from './reference-base-row.testing.ts';
import { baseRowOf, POWERED, VEHICLES } from './vehicles.ts';

type Kind = Pick<OsagoRisk, 'category' | 'owner' | 'use'>;

const KINDS: readonly Kind[] = VehicleCategory.options.flatMap((category) =>
  VehicleOwner.options.flatMap((owner) => VehicleUse.options.map((use) => ({ category, owner, use }))),
);

describe('baseRowOf', () => {
  test.each<[string, Partial<OsagoRisk> & Pick<OsagoRisk, 'category'>]>([
    ['1', { category: 'A' }],
    ['1', { category: 'A', owner: 'legal' }],
    ['2.1', { category: 'B', owner: 'legal' }],
    ['2.1', { category: 'BE', owner: 'legal' }],
    ['2.2', { category: 'B' }],
    ['2.2', { category: 'BE' }],
    ['2.3', { category: 'B', use: 'taxi' }],
    ['2.3', { category: 'BE', use: 'taxi', owner: 'legal' }],
    ['3.1', { category: 'C', maxMassKg: 500 }],
    ['3.1', { category: 'C', maxMassKg: 16_000 }],
    ['3.2', { category: 'C', maxMassKg: 16_001 }],
    ['3.1', { category: 'CE', maxMassKg: 16_000, owner: 'legal' }],
    ['3.2', { category: 'CE', maxMassKg: 16_001, owner: 'legal' }],
    ['4.1', { category: 'D1' }],
    ['4.2', { category: 'D' }],
    ['4.3', { category: 'D', use: 'regular', owner: 'legal' }],
    ['5', { category: 'Tb', owner: 'legal' }],
    ['6', { category: 'Tm', owner: 'legal' }],
    ['7', { category: 'tractor' }],
  ])('is %s for %j', (row, kind) => {
    expect(baseRowOf({ owner: 'individual', use: 'personal', ...kind })).toBe(row);
  });

  test('is what the table says in its own words, for every risk of a query', () => {
    fc.assert(
      fc.property(anyRisk, (risk) => {
        expect(baseRowOf(risk)).toBe(referenceBaseRow(risk).id);
      }),
    );
  });

  test('reaches every row of the table', () => {
    const rows = KINDS.flatMap((kind) => [16_000, 16_001].map((maxMassKg) => baseRowOf({ ...kind, maxMassKg })));
    expect([...new Set(rows)].filter((row) => row !== undefined).toSorted()).toEqual(OsagoBaseRow.options.toSorted());
  });

  test('has none for a use that the category does not have, nor for a truck of unknown mass', () => {
    const sold = KINDS.filter((kind) => baseRowOf({ ...kind, maxMassKg: 5_000 }));
    const other = sold.filter(({ use }) => use !== 'personal').map(({ category, use }) => `${category} ${use}`);
    expect([...new Set(other)]).toEqual(['B taxi', 'BE taxi', 'D regular']);
    expect(baseRowOf({ category: 'C', owner: 'legal', use: 'personal' })).toBeUndefined();
  });
});

test('cars and motorcycles have all six coefficients, all others do without KM', () => {
  expect(POWERED).toEqual(['A', 'B', 'BE']);
  for (const category of VehicleCategory.options) {
    const codes = ['KT', 'KBM', 'KVS', 'KO', ...(POWERED.includes(category) ? ['KM'] : []), 'KS'];
    expect(VEHICLES[category].formula, category).toEqual(codes);
  }
});
