import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Offer } from '#contracts/quote.ts';
import { decimal, productMinor, roubles } from './decimal.ts';
import { price } from './price.ts';

const factor = (code: string, text: string) => ({ code, value: decimal(text) });

const anyFactor = fc
  .tuple(fc.constantFrom('K1', 'K2', 'K3'), fc.integer({ min: 1, max: 9_999 }))
  .map(([code, hundredths]) => factor(code, (hundredths / 100).toFixed(2)));

describe('price', () => {
  test('is the exact product rounded half up once, told with its base and factors in order', () => {
    expect(price(decimal('1399.00'), [factor('KT', '1.70'), factor('KVS', '1.872')])).toEqual({
      status: 'rated',
      premiumMinor: 445_218,
      breakdown: {
        base: '1399.00',
        factors: [
          { code: 'KT', value: '1.70' },
          { code: 'KVS', value: '1.872' },
        ],
      },
    });
  });

  test('multiplied again from what it tells, comes to the same premium', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.array(anyFactor, { maxLength: 8 }), (minor, factors) => {
        const rating = price(roubles(minor), factors);
        fc.pre(rating.status === 'rated');
        const { base, factors: told } = Offer.shape.breakdown.parse(rating.breakdown);
        const product = productMinor(
          decimal(base),
          told.map(({ value }) => decimal(value)),
        );
        expect(BigInt(rating.premiumMinor)).toBe(product);
      }),
    );
  });

  test('marks a factor in doubt, in the words given, and no other', () => {
    const doubtful = { ...factor('KT', '1.16'), doubt: 'source prints 1,6' };
    const rating = price(decimal('100'), [factor('KBM', '1.17'), doubtful]);
    expect(rating).toHaveProperty('breakdown.factors', [
      { code: 'KBM', value: '1.17' },
      { code: 'KT', value: '1.16', confidence: 'low', note: 'source prints 1,6' },
    ]);
  });

  test.each([
    ['0.01', '1', 1],
    ['0.01', '0.5', 1],
    ['10000000000', '1', 1_000_000_000_000],
    ['10000000000.004', '1', 1_000_000_000_000],
  ])('takes the bounds: %s times %s', (base, value, premiumMinor) => {
    expect(price(decimal(base), [factor('K', value)])).toMatchObject({ status: 'rated', premiumMinor });
  });

  test.each([
    ['0', '1'],
    ['100', '0'],
    ['0.01', '0.49'],
    ['10000000000.005', '1'],
    ['9999999999', '9999999999'],
  ])('declines what no insurer can mean, never throws: %s times %s', (base, value) => {
    expect(price(decimal(base), [factor('K', value)])).toEqual({
      status: 'declined',
      reason: 'the tariff gives no premium between 0.01 and 10^10 roubles',
    });
  });
});
