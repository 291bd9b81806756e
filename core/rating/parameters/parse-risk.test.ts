import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRisk, type RiskQuery } from './parse-risk.ts';
import { TODAY, TOY } from './toy.testing.ts';

const GOOD = { colour: 'red', wheels: '3', horn: '90', spares: 'all', startsOn: '2026-12-01' };

const parse = (query: RiskQuery) => parseRisk(TOY, { query, today: TODAY });
const parseText = (query: Record<string, string>) => parse(new URLSearchParams(query));
const refused = (...errors: [field: string, message: string][]) => ({
  ok: false,
  errors: errors.map(([field, message]) => ({ field, message: expect.stringContaining(message) })),
});

describe('parseRisk', () => {
  test('reads every parameter, in the order of the risk and not of the query', () => {
    const parsed = parse(new URLSearchParams(Object.entries(GOOD).toReversed()));
    expect(parsed).toEqual({
      ok: true,
      risk: { colour: 'red', wheels: 3, horn: 90, spares: 3, startsOn: '2026-12-01' },
    });
    expect(parsed.ok && Object.keys(parsed.risk)).toEqual(Object.keys(TOY));
  });

  test('fills in defaults, and leaves out what its absence leaves out', () => {
    const { risk } = { risk: undefined, ...parseText({ colour: 'blue', spares: 'all' }) };
    expect(risk).toStrictEqual({ colour: 'blue', wheels: 4, spares: 4, startsOn: '2026-11-23' });
  });

  test('names all that is wrong at once, unknown parameters first', () => {
    expect(parseText({ ...GOOD, size: '1', colour: 'green', wheels: '9' })).toEqual(
      refused(
        ['size', 'unknown parameter; allowed are colour, wheels'],
        ['colour', 'one of red, blue'],
        ['wheels', '0 to 8'],
      ),
    );
    expect(parseText({})).toEqual(refused(['colour', 'is required: one of red, blue'], ['spares', 'is required']));
    expect(parseText({ colour: 'red', spares: 'none' })).toEqual(refused(['horn', 'is required for red']));
  });

  test('says nothing of a parameter whose need was refused', () => {
    expect(parseText({ ...GOOD, wheels: '9', spares: 'rubbish' })).toEqual(refused(['wheels', '0 to 8']));
  });

  test('takes a parameter repeated with the same value, and refuses other values', () => {
    const lists = Object.fromEntries(Object.entries(GOOD).map(([name, text]) => [name, [text, text]]));
    expect(parse(lists)).toEqual(parseText(GOOD));
    expect(parse({ ...lists, wheels: ['3', '3', '4'] })).toEqual(refused(['wheels', 'more than once']));
    expect(parse({ ...lists, wheels: [] })).toMatchObject({ ok: true, risk: { wheels: 4 } });
  });

  test('names at most ten unknown parameters, cut to sixty characters, inherited names among them', () => {
    const many = Array.from({ length: 50 }, (_, index): [string, string] => [`${index}`.repeat(100), '1']);
    const parsed = parseText({ ...GOOD, ...Object.fromEntries(many) });
    const fields = parsed.ok ? [] : parsed.errors.map(({ field }) => field);
    expect(fields).toHaveLength(10);
    expect(fields.every((field) => field.length === 60)).toBe(true);
    for (const name of ['toString', '__proto__', 'constructor']) {
      const query = new URLSearchParams([...Object.entries(GOOD), [name, '1']]);
      expect(parse(query), name).toEqual(refused([name, 'unknown parameter']));
    }
  });

  test('never throws, and answers a risk or errors', () => {
    const anyName = fc.oneof(fc.constantFrom(...Object.keys(TOY), '__proto__', 'toString'), fc.string());
    const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('red', '4', 'all', '90', '2026-12-01'));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyText)), (entries) => {
        const parsed = parse(new URLSearchParams(entries));
        expect(parsed.ok || parsed.errors.length > 0).toBe(true);
      }),
    );
  });
});
