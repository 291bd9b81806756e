import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { OsagoRisk } from '#contracts/risk.ts';
import { RISK } from './a-risk.testing.ts';
import { anyDrivers } from './any-query.testing.ts';
import { DRIVER } from './drivers.ts';
import { FACTORS } from './factors.ts';
import type { FactorCode } from './official-factor.ts';

const factor = (code: FactorCode, change: Partial<OsagoRisk>): string | undefined =>
  FACTORS[code]({ ...RISK, ...change })?.value.text;

describe('KVS', () => {
  test.each([
    ['A', 'individual'],
    ['A', 'legal'],
    ['B', 'individual'],
    ['B', 'legal'],
    ['tractor', 'individual'],
  ] as const)(
    'more experience never raises it within an age band, and every driver has one: %s, %s',
    (category, owner) => {
      for (const { ageFrom, ageTo } of tables.kvs.filter((row) => row.expFrom === 0)) {
        for (let age = ageFrom; age <= (ageTo ?? DRIVER.maxAge); age += 1) {
          let before = Number.POSITIVE_INFINITY;
          for (let experience = 0; experience <= age - DRIVER.licenceAge; experience += 1) {
            const value = Number(factor('KVS', { category, owner, drivers: [{ age, experience }] }));
            if (!(value <= before)) expect.fail(`${age}:${experience} has ${value} after ${before}`);
            before = value;
          }
        }
      }
    },
  );

  test('motorcycles have a table of their own', () => {
    const drivers = [{ age: 18, experience: 1 }];
    expect(factor('KVS', { category: 'A', drivers })).toBe('2.23');
    for (const category of ['B', 'BE', 'C', 'CE', 'D', 'D1', 'Tb', 'Tm', 'tractor'] as const) {
      expect(factor('KVS', { category, drivers })).toBe('1.92');
    }
  });

  test('several drivers cost what the dearest of them costs alone, in any order', () => {
    const anyTwoOrders = anyDrivers.chain((drivers) =>
      fc.tuple(fc.constant(drivers), fc.shuffledSubarray(drivers, { minLength: drivers.length })),
    );
    fc.assert(
      fc.property(anyTwoOrders, fc.constantFrom('A', 'B', 'C'), ([drivers, others], category) => {
        const [one, other] = [drivers, others].map((list) => list.map(([age, experience]) => ({ age, experience })));
        const alone = drivers.map(([age, experience]) => {
          return Number(factor('KVS', { category, drivers: [{ age, experience }] }));
        });
        expect(Number(factor('KVS', { category, drivers: one ?? [] }))).toBe(Math.max(...alone));
        expect(factor('KVS', { category, drivers: other ?? [] })).toBe(factor('KVS', { category, drivers: one ?? [] }));
      }),
    );
  });

  test.each([
    ['30:5', { age: 30, experience: 5 }, '1.04', '1.872'],
    ['18:0', { age: 18, experience: 0 }, '2.27', '4.086'],
    ['22:2', { age: 22, experience: 2 }, '1.71', '3.078'],
    ['35:3', { age: 35, experience: 3 }, '1.00', '1.800'],
  ])('of a legal owner it is 1.8 times as much, to the last digit: %s', (_, driver, individual, legal) => {
    expect(factor('KVS', { owner: 'individual', drivers: [driver] })).toBe(individual);
    expect(factor('KVS', { owner: 'legal', drivers: [driver] })).toBe(legal);
  });

  test.each(['individual', 'legal'] as const)('of unlimited drivers it is not applied: %s', (owner) => {
    expect(factor('KVS', { owner, drivers: 'unlimited' })).toBe('1.00');
  });
});

describe('KO', () => {
  test('is 1.00 for listed drivers', () => {
    for (const owner of ['individual', 'legal'] as const) expect(factor('KO', { owner })).toBe('1.00');
  });

  test.each([
    ['individual', '2025-12-08', '2.32'],
    ['individual', '2025-12-09', '3.16'],
    ['individual', '2026-12-01', '3.16'],
    ['legal', '2025-12-08', '1.97'],
    ['legal', '2025-12-09', '1.97'],
    ['legal', '2022-09-12', undefined],
  ] as const)('for unlimited drivers of an owner (%s) on %s is %s', (owner, startsOn, value) => {
    expect(factor('KO', { owner, startsOn, drivers: 'unlimited' })).toBe(value);
  });
});

describe('KM: a band holds its upper bound', () => {
  test.each([
    [1, '0.60', '1.00'],
    [50, '0.60', '1.00'],
    [50.01, '1.00', '1.11'],
    [60, '1.00', '1.11'],
    [60.01, '1.00', '1.22'],
    [70, '1.00', '1.22'],
    [80, '1.10', '1.36'],
    [90, '1.10', '1.50'],
    [90.01, '1.10', '1.66'],
    [100, '1.10', '1.66'],
    [120, '1.20', '1.66'],
    [150, '1.40', '1.66'],
    [150.01, '1.60', '1.66'],
    [2000, '1.60', '1.66'],
  ])('%d hp is %s, of a motorcycle %s', (powerHp, car, motorcycle) => {
    expect(factor('KM', { powerHp })).toBe(car);
    expect(factor('KM', { powerHp, category: 'BE' })).toBe(car);
    expect(factor('KM', { powerHp, category: 'A' })).toBe(motorcycle);
  });
});

test('KS is that of the months, KBM that of the class', () => {
  for (const { months, value } of tables.ks) expect(factor('KS', { months })).toBe(value);
  for (const row of tables.kbm.classes) {
    const kbm = row.class as OsagoRisk['kbm'];
    for (const drivers of ['unlimited', RISK.drivers] as const) expect(factor('KBM', { kbm, drivers })).toBe(row.value);
  }
});
