import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Risks } from '#contracts/risk.ts';
import { anyLifeRisk, anyPropertyRisk, anyTravelRisk } from '../rating/any-risk.testing.ts';
import { lastDay } from './last-day.ts';

const DAY_MS = 86_400_000;
const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
const dayAfter = (date: string) => iso(Date.parse(date) + DAY_MS);
const daysOf = (startsOn: string, endsOn: string) => (Date.parse(endsOn) - Date.parse(startsOn)) / DAY_MS + 1;

const anyDay = fc
  .integer({ min: Date.UTC(2000, 0, 1) / DAY_MS, max: Date.UTC(2369, 11, 31) / DAY_MS })
  .map((day) => iso(day * DAY_MS));

const OSAGO: Risks['osago'] = {
  category: 'B',
  owner: 'individual',
  use: 'personal',
  subject: 'Москва',
  locality: 'Москва',
  kbm: '3',
  drivers: 'unlimited',
  powerHp: 100,
  months: 3,
  startsOn: '2026-12-01',
};
const PROPERTY: Risks['property'] = {
  premises: 'flat',
  material: 'brick',
  builtYear: 1998,
  use: 'own',
  alarm: 'no',
  sumInsured: 5_000_000,
  months: 12,
  startsOn: '2026-12-01',
};

const ofYear = (startsOn: string) => lastDay({ product: 'osago', risk: { ...OSAGO, startsOn } });
const ofMonths = (startsOn: string, months: number) =>
  lastDay({ product: 'property', risk: { ...PROPERTY, startsOn, months } });

describe('lastDay of OSAGO', () => {
  test.each([
    ['2026-12-01', '2027-11-30'],
    ['2026-01-01', '2026-12-31'],
    ['2027-03-01', '2028-02-29'],
    ['2028-02-29', '2029-02-28'],
    ['2028-03-01', '2029-02-28'],
    ['2027-02-28', '2028-02-27'],
    ['2099-03-01', '2100-02-28'],
  ])('from %s is %s, a year whatever its months of use', (startsOn, endsOn) => {
    expect(ofYear(startsOn)).toBe(endsOn);
  });

  test('makes a cover of 365 days, 366 when a 29 February is in it', () => {
    fc.assert(
      fc.property(anyDay, (startsOn) => {
        const length = daysOf(startsOn, ofYear(startsOn));
        const days = Array.from({ length }, (_, day) => iso(Date.parse(startsOn) + day * DAY_MS));
        expect(length).toBe(days.some((day) => day.endsWith('-02-29')) ? 366 : 365);
      }),
    );
  });
});

describe('lastDay of months', () => {
  test.each([
    ['2026-12-01', 1, '2026-12-31'],
    ['2026-12-15', 6, '2027-06-14'],
    ['2027-01-28', 1, '2027-02-27'],
    ['2027-01-29', 1, '2027-02-28'],
    ['2027-01-30', 1, '2027-02-28'],
    ['2027-01-31', 1, '2027-02-28'],
    ['2028-01-29', 1, '2028-02-28'],
    ['2028-01-30', 1, '2028-02-29'],
    ['2027-01-31', 2, '2027-03-30'],
    ['2027-01-31', 3, '2027-04-30'],
    ['2027-03-31', 11, '2028-02-29'],
  ])('from %s, %i of them, is %s', (startsOn, months, endsOn) => {
    expect(ofMonths(startsOn, months)).toBe(endsOn);
  });

  test('is before the same day so many months later, by counting days one by one', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 12 }), (startsOn, months) => {
        // The end is the first day from the start on whose next day is the same day of the last month, or after it.
        const firstOfMonth = new Date(`${startsOn.slice(0, 7)}-01T00:00:00Z`);
        firstOfMonth.setUTCMonth(firstOfMonth.getUTCMonth() + months);
        const sameDay = `${iso(firstOfMonth.getTime()).slice(0, 7)}${startsOn.slice(7)}`;
        const monthAfter = new Date(firstOfMonth);
        monthAfter.setUTCMonth(monthAfter.getUTCMonth() + 1);
        const bound = iso(monthAfter.getTime());
        let end = startsOn;
        while (dayAfter(end) < sameDay && dayAfter(end) < bound) end = dayAfter(end);
        expect(ofMonths(startsOn, months)).toBe(end);
      }),
    );
  });

  test('twelve end on the day before the anniversary, as the year of OSAGO does', () => {
    fc.assert(
      fc.property(anyDay, (startsOn) => {
        const [year = 0, month = 0, day = 0] = startsOn.split('-').map(Number);
        const end = iso(Date.UTC(year + 1, month - 1, day - 1));
        expect([ofMonths(startsOn, 12), ofYear(startsOn)]).toEqual([end, end]);
      }),
    );
  });

  test('covers that follow one another from a day up to the 28th end with the one cover of all their months', () => {
    const anyEarlyDay = anyDay.filter((date) => Number(date.slice(8)) <= 28);
    const anyParts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(anyEarlyDay, anyParts, (startsOn, parts) => {
        let next = startsOn;
        for (const months of parts) next = dayAfter(ofMonths(next, months));
        const all = parts.reduce((total, months) => total + months, 0);
        expect(next).toBe(dayAfter(ofMonths(startsOn, all)));
        expect(next.slice(8)).toBe(startsOn.slice(8));
      }),
    );
  });
});

test('lastDay of a trip makes a cover of its days, of a life one of its years', () => {
  fc.assert(
    fc.property(anyTravelRisk, anyLifeRisk, anyDay, (travel, life, startsOn) => {
      const trip = lastDay({ product: 'travel', risk: { ...travel, startsOn } });
      expect(daysOf(startsOn, trip)).toBe(travel.days);
      let next = startsOn;
      for (let year = 0; year < life.years; year += 1) next = dayAfter(ofYear(next));
      const end = lastDay({ product: 'life', risk: { ...life, startsOn } });
      if (!startsOn.endsWith('-02-29')) expect(dayAfter(end)).toBe(next);
      expect(Number(end.slice(0, 4)) - Number(startsOn.slice(0, 4))).toBe(
        life.years - (startsOn.endsWith('-01-01') ? 1 : 0),
      );
    }),
  );
});

test('lastDay never comes before the first', () => {
  fc.assert(
    fc.property(anyTravelRisk, anyPropertyRisk, anyLifeRisk, (travel, property, life) => {
      for (const cover of [
        { product: 'travel', risk: travel },
        { product: 'property', risk: property },
        { product: 'life', risk: life },
      ] as const) {
        expect(lastDay(cover) >= cover.risk.startsOn).toBe(true);
      }
    }),
  );
});
