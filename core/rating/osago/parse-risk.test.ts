import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OsagoRisk } from '#contracts/quote.ts';
import { anyDrivers, anyQuery, driversText, TODAY } from './any-query.testing.ts';
import { type ParsedOsagoRisk, parseOsagoRisk } from './parse-risk.ts';

const GOOD = {
  category: 'B',
  owner: 'individual',
  subject: 'Республика Татарстан',
  locality: 'Казань',
  drivers: '35:10',
  powerHp: '106',
};

const parse = (query: Record<string, string>): ParsedOsagoRisk =>
  parseOsagoRisk(new URLSearchParams(query), { today: TODAY });

const errorsOf = (query: Record<string, string>): Record<string, string> => {
  const parsed = parse(query);
  return parsed.ok ? {} : Object.fromEntries(parsed.errors.map(({ field, message }) => [field, message]));
};

describe('parseOsagoRisk', () => {
  test('fills in every default', () => {
    expect(parse(GOOD)).toEqual({
      ok: true,
      risk: {
        ...GOOD,
        use: 'personal',
        kbm: '3',
        drivers: [{ age: 35, experience: 10 }],
        powerHp: 106,
        months: 12,
        startsOn: '2026-11-23',
      },
    });
  });

  test('answers a risk that the contract takes, its keys in the order of the contract', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const parsed = parse(query);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
        expect(OsagoRisk.parse(parsed.risk)).toEqual(parsed.risk);
        expect(Object.keys(parsed.risk)).toEqual(Object.keys(OsagoRisk.shape));
      }),
    );
  });

  test('answers the same however the parameters are permuted, repeated or handed over', () => {
    const anyShuffle = anyQuery.chain((query) =>
      fc.tuple(
        fc.constant(query),
        fc.shuffledSubarray([...Object.entries(query), ...Object.entries(query)], {
          minLength: 2 * Object.keys(query).length,
        }),
      ),
    );
    fc.assert(
      fc.property(anyShuffle, ([query, entries]) => {
        const expected = JSON.stringify(parse(query));
        const lists = Object.fromEntries(Object.entries(query).map(([name, text]) => [name, [text, text]]));
        expect(JSON.stringify(parseOsagoRisk(new URLSearchParams(entries), { today: TODAY }))).toBe(expected);
        expect(JSON.stringify(parseOsagoRisk(lists, { today: TODAY }))).toBe(expected);
      }),
    );
  });

  test('answers the same for any order of the drivers, and keeps those that are alike', () => {
    const anyTwoOrders = anyDrivers.chain((drivers) =>
      fc.tuple(fc.constant(drivers), fc.shuffledSubarray(drivers, { minLength: drivers.length })),
    );
    fc.assert(
      fc.property(anyTwoOrders, ([drivers, others]) => {
        const parsed = parse({ ...GOOD, drivers: driversText(drivers) });
        expect(parse({ ...GOOD, drivers: driversText(others) })).toEqual(parsed);
        expect(parsed.ok && parsed.risk.drivers).toHaveLength(drivers.length);
      }),
    );
  });

  test('never throws on rubbish, and answers a risk or at least one named error', () => {
    const name = fc.oneof(fc.constantFrom(...Object.keys(OsagoRisk.shape), '__proto__', 'toString'), fc.string());
    const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('35:10', 'Москва', '١٢', '1e3', '0x10'));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text)), (entries) => {
        const parsed = parseOsagoRisk(new URLSearchParams(entries), { today: TODAY });
        expect(parsed.ok || parsed.errors.length > 0).toBe(true);
      }),
    );
  });

  test('names each unknown parameter and the allowed ones, and at most ten', () => {
    expect(errorsOf({ ...GOOD, colour: 'red' })).toEqual({ colour: expect.stringContaining('category, owner, use') });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x${index}`, '1']));
    expect(Object.keys(errorsOf({ ...GOOD, ...many }))).toHaveLength(10);
    expect(Object.keys(errorsOf({ ...GOOD, toString: '1', ['__proto__']: '1' }))).toContain('toString');
  });

  test('refuses a parameter given twice with different values', () => {
    const query = new URLSearchParams({ ...GOOD, kbm: '3' });
    query.append('kbm', '4');
    const parsed = parseOsagoRisk(query, { today: TODAY });
    expect(parsed).toEqual({
      ok: false,
      errors: [{ field: 'kbm', message: expect.stringContaining('more than once') }],
    });
  });

  test('reports all wrong fields at once, but not what only follows from another', () => {
    expect(Object.keys(errorsOf({}))).toEqual(['category', 'owner', 'subject', 'drivers', 'powerHp']);
    expect(Object.keys(errorsOf({ ...GOOD, subject: 'Татария', kbm: '14' }))).toEqual(['subject', 'kbm']);
  });

  test.each([
    ['category', ['A', 'b', ''], 'must be B'],
    ['category', ['В'], 'in Latin letters'],
    ['owner', ['legal', 'Individual'], 'must be individual'],
    ['use', ['taxi', ''], 'must be personal'],
    ['kbm', ['14', '-1', '03', 'm', ' 3', '3.0'], 'must be one of M, 0, 1, 2'],
    ['kbm', ['М'], 'in Latin letters'],
    ['months', ['2', '13', '012', '6.0', ''], 'must be one of 3, 4, 5'],
    [
      'powerHp',
      ['0', '0.99', '2000.01', '2001', '99999', '1.001', '1e2', '0100', '-5', '100,5', ''],
      '1 to 2000 horsepower',
    ],
    ['startsOn', ['2026-11-22', '2027-01-22', '2026-11-31', '2026-1-1', 'tomorrow'], 'from 2026-11-23 to 2027-01-21'],
    ['drivers', ['', '35', '35:', '35:21', '15:0', '100:5', '16:2', '35:10,', '35:10, 22:1', '035:10'], 'pair'],
    ['drivers', ['Unlimited', 'unlimited,35:10'], 'unlimited, or 1 to 20 pairs'],
    ['drivers', [Array(21).fill('35:10').join(',')], 'too many drivers'],
  ])('refuses a wrong %s: %j', (field, texts, message) => {
    for (const text of texts) {
      expect(errorsOf({ ...GOOD, [field]: text }), text).toEqual({ [field]: expect.stringContaining(message) });
    }
  });

  test.each([
    ['powerHp', ['1', '2000', '149.6', '149.60', '2000.00']],
    ['startsOn', ['2026-11-23', '2027-01-21', '2026-12-31']],
    ['drivers', ['16:0', '99:83', '20:4,20:4', Array(20).fill('35:10').join(',')]],
  ])('takes the bounds of %s: %j', (field, texts) => {
    for (const text of texts) expect(errorsOf({ ...GOOD, [field]: text }), text).toEqual({});
  });

  test('says so when the tables know nothing of the date', () => {
    const parsed = parseOsagoRisk(new URLSearchParams(GOOD), { today: '2025-06-01' });
    expect(parsed).toEqual({
      ok: false,
      errors: [{ field: 'startsOn', message: expect.stringContaining('2025-06-02') }],
    });
  });
});
