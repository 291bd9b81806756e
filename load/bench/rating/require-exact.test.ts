import { describe, expect, test } from 'vitest';
import { requireExact } from './require-exact.ts';

const breakdown = (base: string, ...values: string[]) => ({
  base,
  factors: values.map((value) => ({ code: 'K', value })),
});

describe('requireExact', () => {
  test.each([
    { base: '4986.30', factors: ['1.8', '0.91', '1.17'], premium: 955_604 },
    // A half goes up; as floats these come to 100.49999999999999.
    { base: '1.00', factors: ['1.005'], premium: 101 },
    { base: '1.00', factors: ['0.0149'], premium: 1 },
    { base: '1000000000.00', factors: ['9.999', '0.99999'], premium: 999_890_001_000 },
  ])('$base roubles times $factors is $premium kopecks, and neither one more nor one less', (sold) => {
    const applied = breakdown(sold.base, ...sold.factors);
    expect(() => requireExact(sold.premium, applied)).not.toThrow();
    expect(() => requireExact(sold.premium + 1, applied)).toThrow(`makes ${sold.premium}`);
    expect(() => requireExact(sold.premium - 1, applied)).toThrow(`makes ${sold.premium}`);
  });

  test('says what was multiplied', () => {
    expect(() => requireExact(5, breakdown('1.00', '2'))).toThrow('A premium is 5 kopecks, but 1.00 x K 2 makes 200');
  });
});
