import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastDayOfYearFrom } from './term.ts';

const DAY_MS = 86_400_000;
const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

describe('lastDayOfYearFrom', () => {
  test.each([
    ['2026-12-01', '2027-11-30'],
    ['2026-01-01', '2026-12-31'],
    ['2027-03-01', '2028-02-29'],
    ['2028-02-29', '2029-02-28'],
    ['2028-03-01', '2029-02-28'],
    ['2027-02-28', '2028-02-27'],
    ['2099-03-01', '2100-02-28'],
  ])('a cover from %s ends on %s', (startsOn, endsOn) => {
    expect(lastDayOfYearFrom(startsOn)).toBe(endsOn);
  });

  test('a cover is 365 days, 366 when a 29 February is in it; the next begins on the same day of the next year', () => {
    const anyDay = fc
      .integer({ min: Date.UTC(2000, 0, 1) / DAY_MS, max: Date.UTC(2399, 11, 31) / DAY_MS })
      .map((day) => iso(day * DAY_MS));
    fc.assert(
      fc.property(anyDay, (startsOn) => {
        const endsOn = lastDayOfYearFrom(startsOn);
        const days = Array.from({ length: daysBetween(startsOn, endsOn) + 1 }, (_, day) =>
          iso(Date.parse(startsOn) + day * DAY_MS),
        );
        expect(days).toHaveLength(days.some((day) => day.endsWith('-02-29')) ? 366 : 365);
        const next = iso(Date.parse(endsOn) + DAY_MS);
        const [year = '', ...monthAndDay] = startsOn.split('-');
        const anniversary = [String(Number(year) + 1), ...monthAndDay].join('-');
        // 29 February has none: its cover goes on from 1 March.
        expect(next).toBe(startsOn.endsWith('-02-29') ? `${Number(year) + 1}-03-01` : anniversary);
      }),
      { numRuns: 500 },
    );
  });
});
