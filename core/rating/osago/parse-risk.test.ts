import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OsagoRisk } from '#contracts/risk.ts';
import { riskQuery } from '../../quotes/risk-query.ts';
import { anyDrivers, anyQuery, anyRisk, driversText, TODAY } from './any-query.testing.ts';
import { parseOsagoRisk } from './parse-risk.ts';
import { rateAt } from './rated.testing.ts';

const GOOD = {
  category: 'B',
  owner: 'individual',
  subject: 'Республика Татарстан',
  locality: 'Казань',
  drivers: '35:10',
  powerHp: '106',
};
const TRUCK = { ...GOOD, category: 'C', maxMassKg: '12000' };

const parse = (query: Record<string, string>) => parseOsagoRisk(new URLSearchParams(query), TODAY);

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
      fc.property(anyRisk, (risk) => {
        expect(OsagoRisk.parse(risk)).toEqual(risk);
        expect(Object.keys(risk)).toEqual(Object.keys(OsagoRisk.shape).filter((name) => Object.hasOwn(risk, name)));
      }),
    );
  });

  test('answers the same risk again when the risk is written as a query', () => {
    fc.assert(
      fc.property(anyRisk, (risk) => {
        const again = parseOsagoRisk(new URLSearchParams(riskQuery(risk)), TODAY);
        expect(JSON.stringify(again)).toBe(JSON.stringify({ ok: true, risk }));
      }),
    );
  });

  test('answers the same however the parameters are permuted, repeated or handed over, and so does the premium', () => {
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
        const expected = parse(query);
        const lists = Object.fromEntries(Object.entries(query).map(([name, text]) => [name, [text, text]]));
        for (const other of [new URLSearchParams(entries), lists]) {
          const parsed = parseOsagoRisk(other, TODAY);
          expect(JSON.stringify(parsed)).toBe(JSON.stringify(expected));
          if (parsed.ok && expected.ok) expect(rateAt(parsed.risk, 300_000)).toEqual(rateAt(expected.risk, 300_000));
        }
      }),
    );
  });

  test('answers the same for any order of the drivers, and keeps those that are alike', () => {
    const anyTwoOrders = anyDrivers.chain((drivers) =>
      fc.tuple(fc.constant(drivers), fc.shuffledSubarray(drivers, { minLength: drivers.length })),
    );
    fc.assert(
      fc.property(anyQuery, anyTwoOrders, (query, [drivers, others]) => {
        const parsed = parse({ ...query, drivers: driversText(drivers) });
        expect(parse({ ...query, drivers: driversText(others) })).toEqual(parsed);
        expect(parsed.ok && parsed.risk.drivers).toHaveLength(drivers.length);
      }),
    );
  });

  test('never throws on rubbish, and answers a risk or errors that name what was given or is missing', () => {
    const names = Object.keys(OsagoRisk.shape);
    const rubbish = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('35:10', 'Москва', 'tractor', 'regular', '16000', '١٢', '1e3', '0x10', '-0', 'NaN'),
    );
    const anyChange = fc.array(
      fc.tuple(fc.oneof(fc.constantFrom(...names, '__proto__', 'toString'), fc.string()), rubbish),
    );
    const anyStart = fc.oneof(anyQuery.map(Object.entries<string>), fc.constant([]));
    fc.assert(
      fc.property(anyStart, anyChange, (start, change) => {
        const entries = [...start, ...change];
        const parsed = parseOsagoRisk(new URLSearchParams(entries), TODAY);
        if (parsed.ok) return void OsagoRisk.parse(parsed.risk);
        expect(parsed.errors.length).toBeGreaterThan(0);
        const known = new Set([...names, ...entries.map(([name]) => name.toWellFormed().slice(0, 60))]);
        for (const { field, message } of parsed.errors) expect(known.has(field) && message !== '').toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('reports all wrong fields at once, but not what only follows from another', () => {
    expect(Object.keys(errorsOf({}))).toEqual(['category', 'owner', 'subject', 'drivers']);
    expect(Object.keys(errorsOf({ ...GOOD, subject: 'Татария', kbm: '14' }))).toEqual(['subject', 'kbm']);
    const wrong = { ...GOOD, category: 'Z', use: 'hire', maxMassKg: '1', powerHp: '0' };
    expect(Object.keys(errorsOf(wrong))).toEqual(['category', 'use', 'maxMassKg', 'powerHp']);
  });

  test.each([
    ['category', ['M', 'b', ''], 'must be one of A, B, BE, C, CE, D, D1, Tb, Tm, tractor'],
    ['category', ['В', 'С'], 'in Latin letters'],
    ['owner', ['Individual', ''], 'must be one of individual, legal'],
    ['kbm', ['14', '-1', '03', 'm', ' 3', '3.0'], 'must be one of M, 0, 1, 2'],
    ['kbm', ['М'], 'in Latin letters'],
    ['months', ['2', '13', '012', '6.0', ''], 'must be a whole number from 3 to 12'],
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
    ['drivers', ['16:0', '16:1', '99:84', '20:4,20:4', Array(20).fill('35:10').join(',')]],
  ])('takes the bounds of %s: %j', (field, texts) => {
    for (const text of texts) expect(errorsOf({ ...GOOD, [field]: text }), text).toEqual({});
  });

  test('says so when the tables know nothing of the date', () => {
    expect(parseOsagoRisk(new URLSearchParams(GOOD), '2025-06-01')).toEqual({
      ok: false,
      errors: [{ field: 'startsOn', message: expect.stringContaining('2025-06-02') }],
    });
  });
});

describe('use', () => {
  test.each([
    ['A', ['taxi', 'regular'], 'must be personal for category A'],
    ['B', ['regular', 'Taxi', ''], 'must be personal or taxi for category B'],
    ['BE', ['regular'], 'must be personal or taxi for category BE'],
    ['C', ['taxi', 'regular'], 'must be personal for category C'],
    ['CE', ['taxi', 'regular'], 'must be personal for category CE'],
    ['D', ['taxi', 'rubbish'], 'must be personal or regular for category D'],
    ['D1', ['taxi', 'regular'], 'must be personal for category D1'],
    ['Tb', ['taxi', 'regular'], 'must be personal for category Tb'],
    ['Tm', ['taxi', 'regular'], 'must be personal for category Tm'],
    ['tractor', ['taxi', 'regular'], 'must be personal for category tractor'],
  ])('in category %s is refused as %j, naming what is allowed', (category, uses, message) => {
    const query = category.startsWith('C') ? { ...TRUCK, category } : { ...GOOD, category };
    for (const use of uses) expect(errorsOf({ ...query, use })).toEqual({ use: message });
    expect(errorsOf({ ...query, use: 'personal' })).toEqual({});
  });

  test.each([
    ['B', 'taxi'],
    ['BE', 'taxi'],
    ['D', 'regular'],
  ])('in category %s may be %s', (category, use) => {
    expect(parse({ ...GOOD, category, use })).toMatchObject({ ok: true, risk: { use } });
  });
});

describe('maxMassKg', () => {
  test.each(['C', 'CE'])('is required for category %s and bounded', (category) => {
    expect(errorsOf({ ...GOOD, category })).toEqual({
      maxMassKg: `is required for category ${category}: a whole number from 500 to 200000 (kg)`,
    });
    for (const maxMassKg of ['', '499', '200001', '12000.5', '1e4', '016000']) {
      const message = expect.stringContaining('a whole number from 500 to 200000');
      expect(errorsOf({ ...TRUCK, category, maxMassKg }), maxMassKg).toEqual({ maxMassKg: message });
    }
    for (const maxMassKg of ['500', '16000', '200000']) {
      const risk = { maxMassKg: Number(maxMassKg) };
      expect(parse({ ...TRUCK, category, maxMassKg })).toMatchObject({ ok: true, risk });
    }
  });

  test.each(['A', 'B', 'BE', 'D', 'D1', 'Tb', 'Tm', 'tractor'])('is refused for category %s', (category) => {
    expect(errorsOf({ ...TRUCK, category })).toEqual({
      maxMassKg: `is for categories C and CE only; leave it out for category ${category}`,
    });
  });
});

describe('powerHp', () => {
  test.each(['A', 'B', 'BE'])('is required for category %s', (category) => {
    const { powerHp: _, ...query } = GOOD;
    expect(errorsOf({ ...query, category })).toEqual({
      powerHp: `is required for category ${category}: 1 to 2000 horsepower, at most two digits after the point`,
    });
  });

  test.each(['C', 'CE', 'D', 'D1', 'Tb', 'Tm', 'tractor'])(
    'of category %s is checked, and makes no other risk',
    (category) => {
      const query: Record<string, string> = category.startsWith('C') ? { ...TRUCK, category } : { ...GOOD, category };
      const { powerHp: _, ...without } = query;
      const parsed = parse(query);
      expect(parsed).toEqual(parse(without));
      expect(parsed.ok && Object.hasOwn(parsed.risk, 'powerHp')).toBe(false);
      expect(errorsOf({ ...query, powerHp: '0' })).toEqual({
        powerHp: expect.stringContaining('1 to 2000 horsepower'),
      });
    },
  );
});
