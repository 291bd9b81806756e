import { describe, expect, test } from 'vitest';
import { moscowDate } from './moscow-date.ts';

describe('R3 moscowDate', () => {
  test.each([
    ['2026-11-22T20:59:59.999Z', '2026-11-22'],
    ['2026-11-22T21:00:00.000Z', '2026-11-23'],
    ['2026-12-31T21:00:00.000Z', '2027-01-01'],
  ])('at %s it is %s in Moscow', (at, date) => {
    expect(moscowDate(new Date(at))).toBe(date);
  });
});
