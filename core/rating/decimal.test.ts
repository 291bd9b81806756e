import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, isMore, perMille, productMinor, roubles, sum, whole } from './decimal.ts';

const anyDecimal = fc
  .tuple(fc.nat({ max: 99_999 }), fc.integer({ min: 0, max: 4 }))
  .map(([units, scale]) => ({ units, scale, text: textOf(units, scale) }));

function textOf(units: number, scale: number): string {
  const digits = String(units).padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Long division: whole kopecks, and one more when what is left is half or more. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const left = numerator - whole * denominator;
  return left + left >= denominator ? whole + 1n : whole;
}

describe('productMinor', () => {
  test('is the rational product rounded half up once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_000_000 }), fc.array(anyDecimal, { maxLength: 8 }), (minor, factors) => {
        const numerator = factors.reduce((product, { units }) => product * BigInt(units), BigInt(minor));
        const denominator = factors.reduce((product, { scale }) => product * 10n ** BigInt(scale), 1n);
        const expected = halfUp(numerator, denominator);
        const actual = productMinor(
          roubles(minor),
          factors.map(({ text }) => decimal(text)),
        );
        expect(actual).toBe(expected);
      }),
    );
  });

  test('rounds a half up, less than a half down, and not twice', () => {
    expect(productMinor(decimal('1.00'), [decimal('0.005')])).toBe(1n);
    expect(productMinor(decimal('1.00'), [decimal('0.0049999')])).toBe(0n);
    // Rounded after each factor this would be 0.05 and then 0.03.
    expect(productMinor(decimal('0.09'), [decimal('0.5'), decimal('0.5')])).toBe(2n);
    expect(productMinor(decimal('1.005'), [])).toBe(101n);
  });

  test('does not depend on the order of the factors', () => {
    fc.assert(
      fc.property(fc.array(anyDecimal, { maxLength: 4 }), (factors) => {
        const decimals = factors.map(({ text }) => decimal(text));
        expect(productMinor(roubles(100), decimals)).toBe(productMinor(roubles(100), decimals.toReversed()));
      }),
    );
  });

  test('is exact where a number would not be', () => {
    expect(productMinor(decimal('99999999'), [decimal('99999999')])).toBe(999_999_980_000_000_100n);
  });
});

test('decimal keeps the text and refuses signs, exponents and blanks', () => {
  expect(decimal('1.80')).toEqual({ text: '1.80', units: 180n, scale: 2 });
  for (const text of ['', '-1', '+1', '1e3', '1,8', '.5', '1.', ' 1', '1.2.3', 'NaN']) {
    expect(() => decimal(text), text).toThrow(RangeError);
  }
});

test('roubles prints kopecks with two digits and refuses fractions and negatives', () => {
  expect([0, 5, 99, 100, 420_000].map((minor) => roubles(minor).text)).toEqual([
    '0.00',
    '0.05',
    '0.99',
    '1.00',
    '4200.00',
  ]);
  fc.assert(fc.property(fc.nat(), (minor) => productMinor(roubles(minor), []) === BigInt(minor)));
  for (const minor of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => roubles(minor)).toThrow(RangeError);
});

test('whole, perMille and roubles are read back from their texts', () => {
  expect([whole(14), perMille(5_000_000), perMille(7)].map(({ text }) => text)).toEqual(['14', '5000.000', '0.007']);
  fc.assert(
    fc.property(fc.nat(), (number) => {
      for (const exact of [whole(number), perMille(number), roubles(number)])
        expect(decimal(exact.text)).toEqual(exact);
    }),
  );
});

test('sum is exact across scales, and nothing sums to 0', () => {
  expect(sum([decimal('0.9'), decimal('1'), decimal('2.25')])).toEqual({ text: '4.15', units: 415n, scale: 2 });
  expect(sum([])).toEqual(decimal('0'));
  fc.assert(
    fc.property(fc.array(anyDecimal), (parts) => {
      const total = sum(parts.map(({ text }) => decimal(text)));
      const expected = parts.reduce((units, part) => units + BigInt(part.units) * 10n ** BigInt(4 - part.scale), 0n);
      expect(total.units * 10n ** BigInt(4 - total.scale)).toBe(expected);
      expect(decimal(total.text)).toEqual(total);
    }),
  );
});

test('isMore compares across scales', () => {
  fc.assert(
    fc.property(anyDecimal, anyDecimal, (a, b) => {
      const more = BigInt(a.units) * 10n ** BigInt(b.scale) > BigInt(b.units) * 10n ** BigInt(a.scale);
      expect(isMore(decimal(a.text), decimal(b.text))).toBe(more);
    }),
  );
  expect([isMore(decimal('1.9'), decimal('1.10')), isMore(decimal('1.8'), decimal('1.80'))]).toEqual([true, false]);
});
