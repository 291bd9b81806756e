import { describe, expect, test } from 'vitest';
import { moscowDayMs } from './moscow-day.ts';
import { type DatedRate, osagoTariff, rowOf } from './osago-tariff.ts';

const noon = new Date('2026-11-22T10:00:00.000Z');
const rate = (changes: Partial<DatedRate>): DatedRate => ({
  row: '2.2',
  baseRateMinor: 500_000,
  fromMs: moscowDayMs('2025-12-09'),
  untilMs: null,
  ...changes,
});
const tariff = (rates: DatedRate[], now = noon) => osagoTariff(rates, { commissionRateBps: 750, now });

describe('osagoTariff', () => {
  test('changes from the ended rate to the coming one at midnight in Moscow, to the millisecond', () => {
    const turn = moscowDayMs('2027-07-01');
    const rates = [rate({ untilMs: turn }), rate({ fromMs: turn, baseRateMinor: 600_000 })];
    expect(new Date(turn).toISOString()).toBe('2027-06-30T21:00:00.000Z');
    expect(tariff(rates, new Date(turn - 1)).terms).toEqual({ baseRatesMinor: { '2.2': 500_000 } });
    expect(tariff(rates, new Date(turn)).terms).toEqual({ baseRatesMinor: { '2.2': 600_000 } });
  });

  test('refuses two rates of one row in force at once, even equal ones', () => {
    expect(() => tariff([rate({}), rate({})])).toThrow('two base rates of row 2.2 are in force at once');
  });

  test('refuses a list of which nothing is in force', () => {
    expect(() => tariff([])).toThrow('no base rate is in force');
    expect(() => tariff([rate({ untilMs: moscowDayMs('2026-01-01') })])).toThrow('no base rate is in force');
  });
});

describe('rowOf', () => {
  test.each(['LK', 'constructor', '__proto__', ''])('refuses the unknown code %j instead of leaving it out', (code) => {
    const result = rowOf({ 'B-FL': '2.2' }).safeParse(code);
    expect(result.error?.issues).toMatchObject([{ message: `unknown vehicle class "${code}"` }]);
  });
});
