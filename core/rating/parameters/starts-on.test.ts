import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, LATEST_START_DAYS, readStartsOn, STARTS_ON, startBounds } from './starts-on.ts';

const anyDate = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('readStartsOn', () => {
  test('takes every day from tomorrow to the latest, and no day before or behind', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -3, max: LATEST_START_DAYS + 3 }), (today, days) => {
        const date = addDays(today, days);
        const inside = 1 <= days && days <= LATEST_START_DAYS;
        expect(readStartsOn(date, today)).toEqual(inside ? { value: date } : { error: expect.any(String) });
      }),
    );
  });

  test('names the bounds, past the end of a year or a February', () => {
    expect(readStartsOn('2026-11-22', '2026-11-22')).toEqual({
      error: 'must be a date from 2026-11-23 to 2027-01-21, such as 2026-11-23',
    });
    expect(startBounds('2028-02-28')).toEqual({ first: '2028-02-29', last: '2028-04-28' });
  });

  test.each([
    '',
    '2026-11-31',
    '2026-12-1',
    '26-12-01',
    '2026-12-01T00:00:00Z',
    ' 2026-12-01',
    '01.12.2026',
    'tomorrow',
  ])('refuses %j', (text) => {
    expect(readStartsOn(text, '2026-11-22')).toHaveProperty('error');
  });
});

test('STARTS_ON absent is tomorrow, and its default and example are what it takes', () => {
  fc.assert(
    fc.property(anyDate, (today) => {
      const ctx = { today, read: {} };
      const tomorrow = { value: addDays(today, 1) };
      expect(STARTS_ON.absent?.(ctx)).toEqual(tomorrow);
      expect(STARTS_ON.read(STARTS_ON.default?.(today) ?? '', ctx)).toEqual(tomorrow);
      expect(STARTS_ON.read(STARTS_ON.example(today), ctx)).toHaveProperty('value');
    }),
  );
});
