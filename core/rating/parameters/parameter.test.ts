import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choice, integer } from './parameter.ts';
import { TODAY, TOY } from './toy.testing.ts';

const CTX = { today: TODAY, read: {} };

describe('choice', () => {
  test.each(['red', 'blue'])('takes %s as it is listed', (text) => {
    expect(TOY.colour.read(text, CTX)).toEqual({ value: text });
  });

  test.each(['', 'Red', ' red', 'green', 'toString', '__proto__'])('refuses %j, naming what is allowed', (text) => {
    expect(TOY.colour.read(text, CTX)).toEqual({ error: 'must be one of red, blue' });
  });

  test('says so when the letters are Cyrillic, which look the same', () => {
    expect(TOY.colour.read('геd', CTX)).toEqual({ error: 'must be one of red, blue, in Latin letters' });
  });

  test('with a default tells it in words and as a value', () => {
    const label = { en: 'Yes or no', ru: 'Да или нет' };
    const parameter = choice({ label, values: { yes: label, no: label }, example: 'yes', absent: 'no' });
    expect(parameter.allowed).toBe('one of yes, no; default no');
    expect(parameter.absent?.(CTX)).toEqual({ value: 'no' });
    expect(parameter.default?.(TODAY)).toBe('no');
    expect(TOY.colour.absent).toBeUndefined();
  });
});

describe('integer', () => {
  const { wheels } = TOY;

  test('takes the whole numbers inside its bounds, and no others', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 20 }), (number) => {
        const inside = 0 <= number && number <= 8;
        expect(wheels.read(String(number), CTX)).toEqual(
          inside ? { value: number } : { error: 'must be a whole number from 0 to 8' },
        );
      }),
    );
  });

  test.each(['', ' 4', '04', '00', '+4', '-0', '4.0', '4,0', '4e0', '0x4', '٤', 'four', '10000000000'])(
    'takes one spelling only: %j is refused',
    (text) => {
      expect(wheels.read(text, CTX)).toHaveProperty('error');
    },
  );

  test('tells its unit, bounds and default', () => {
    const label = { en: 'Time', ru: 'Срок' };
    const parameter = integer({
      label,
      unit: { en: 'days', ru: 'дней' },
      minimum: 1,
      maximum: 9,
      example: 2,
      absent: 3,
    });
    expect(parameter.allowed).toBe('a whole number from 1 to 9 (days); default 3');
    expect(parameter.bounds?.(TODAY)).toEqual({ minimum: 1, maximum: 9 });
    expect(parameter.absent?.(CTX)).toEqual({ value: 3 });
    expect(parameter.default?.(TODAY)).toBe('3');
  });
});
