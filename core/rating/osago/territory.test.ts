import { describe, expect, test } from 'vitest';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { addDays } from '../parameters/starts-on.ts';
import { PLACES } from './any-query.testing.ts';
import { nameKey } from './name-key.ts';
import { parseOsagoRisk } from './parse-risk.ts';
import { FOREIGN, SUBJECTS, territoryRow } from './territory.ts';

const carOn = (on: string, place: { subject: string; locality: string }) => territoryRow(place, on)?.car.value.text;

const REST_OF_QUERY = { category: 'B', owner: 'individual', drivers: 'unlimited', powerHp: '100' };

describe('every row of the territory table', () => {
  test(`is reached by a query on the first and the last day it is in force (${PLACES.length} rows)`, () => {
    for (const { subject, locality, car, tractor, effectiveFrom, effectiveTo } of PLACES) {
      for (const on of [effectiveFrom, effectiveTo ?? '2030-01-01']) {
        const query = new URLSearchParams({ ...REST_OF_QUERY, subject, locality });
        const parsed = parseOsagoRisk(query, addDays(on, -1));
        if (!parsed.ok) throw new Error(`${subject}, ${locality}, ${on}: ${JSON.stringify(parsed.errors)}`);
        expect(parsed.risk).toMatchObject({ subject, locality, startsOn: on });
        const row = territoryRow({ subject, locality }, on);
        expect(row?.car.value.text, `${subject}, ${locality}, ${on}`).toBe(car);
        expect(row?.tractor?.value.text ?? null, `${subject}, ${locality}, ${on}`).toBe(tractor);
      }
    }
  });

  test('is on sale but the three of vehicles registered abroad', () => {
    expect(tables.kt.length - PLACES.length).toBe(3);
    expect(SUBJECTS.has(nameKey(FOREIGN))).toBe(false);
  });

  test('has a name of its own even when folded, and a period that overlaps no other of its place', () => {
    const names = new Set(PLACES.map(({ subject, locality }) => `${subject}|${locality}`));
    const keys = new Set([...names].map((name) => name.split('|').map(nameKey).join('|')));
    expect(keys.size).toBe(names.size);
    for (const row of PLACES) {
      const inForce = PLACES.filter(
        ({ subject, locality, effectiveFrom, effectiveTo }) =>
          subject === row.subject &&
          locality === row.locality &&
          effectiveFrom <= row.effectiveFrom &&
          (effectiveTo === null || row.effectiveFrom <= effectiveTo),
      );
      expect(inForce, `${row.subject}, ${row.locality}`).toEqual([row]);
    }
  });
});

describe('territoryRow', () => {
  test.each([
    ['Новосибирск', '3.12', '2.34'],
    ['Бердск', '2.48', '1.86'],
  ])('changes in %s from 2026-06-21 to 2026-06-22: %s to %s (7349-У)', (locality, before, after) => {
    const place = { subject: 'Новосибирская область', locality };
    expect(carOn('2026-06-21', place)).toBe(before);
    expect(carOn('2026-06-22', place)).toBe(after);
  });

  test('keeps a row of an older edition that has no end', () => {
    const place = { subject: 'Иркутская область', locality: 'Братск' };
    expect(carOn('2026-12-01', place)).toBe('1.00');
    expect(carOn('2025-01-26', place)).toBeUndefined();
  });

  test('has none for unknown places', () => {
    expect(carOn('2026-12-01', { subject: 'Москва', locality: 'Казань' })).toBeUndefined();
    expect(carOn('2026-12-01', { subject: FOREIGN, locality: 'дружественные и прочие' })).toBeUndefined();
  });
});
