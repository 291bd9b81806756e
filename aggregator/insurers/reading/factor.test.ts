import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { factor } from './factor.ts';

describe('factor', () => {
  test('reads any decimal exactly, by whatever mark and shift it is written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.constantFrom(0 as const, 2 as const, 3 as const),
        (tenThousandths, shift) => {
          const digits = String(tenThousandths).padStart(5, '0');
          const places = 4 - shift;
          const text = `${digits.slice(0, digits.length - places)},${digits.slice(digits.length - places)}`.replace(
            /^0+(?=\d)/,
            '',
          );
          const read = factor(',', { shift }).parse(text);
          const [whole = '', fraction = ''] = read.split('.');
          expect(Number(whole + fraction.padEnd(4, '0'))).toBe(tenThousandths);
          expect(read).not.toMatch(/^0\d|\.$|\.\d*0$/);
        },
      ),
    );
  });

  test.each([
    [',', 0, '1,50', '1.5'],
    [',', 0, '1', '1'],
    ['.', 0, '0.9', '0.9'],
    ['.', 0, '10', '10'],
    [',', 2, '115', '1.15'],
    ['.', 2, '82.5', '0.825'],
    ['.', 3, '5', '0.005'],
    [',', 3, '1000', '1'],
  ] as const)('with %s and shift %i reads %s as %s', (mark, shift, text, read) => {
    expect(factor(mark, { shift }).parse(text)).toBe(read);
  });

  test.each(['', '0', '0,00', '1.5', '-1', '+1', '1e3', ' 1', '1,', ',5', '01', '1000', '1,00001', 'NaN', '1,5,5'])(
    'refuses %j',
    (text) => {
      expect(factor(',').safeParse(text).success).toBe(false);
    },
  );
});
