import { expect, test } from 'vitest';
import { periodOf } from './period-of.ts';

test.each([
  ['the last millisecond of November in Moscow', '2026-11-30T20:59:59.999Z', '2026-11'],
  ['the first millisecond of December in Moscow', '2026-11-30T21:00:00.000Z', '2026-12'],
  ['the year turns in Moscow', '2026-12-31T21:00:00.000Z', '2027-01'],
  ['the leap day', '2028-02-29T20:59:59.999Z', '2028-02'],
  ['Moscow was UTC+4 in 2013', '2013-01-31T20:30:00.000Z', '2013-02'],
])('R12 periodOf: %s', (_, moment, period) => {
  expect(periodOf(new Date(moment))).toBe(period);
});
