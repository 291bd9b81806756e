import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moscowDate } from './moscow-date.ts';
import { moscowMidnight } from './moscow-midnight.ts';

test('R3 moscowMidnight is the first millisecond of a date in Moscow', { timeout: 60_000 }, () => {
  const anyDate = fc
    .integer({ min: 0, max: 36_500 })
    .map((days) => new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10));
  fc.assert(
    fc.property(anyDate, (date) => {
      const at = moscowMidnight(date);
      expect(moscowDate(at)).toBe(date);
      expect(moscowDate(new Date(at.getTime() - 1)) < date).toBe(true);
    }),
  );
});
