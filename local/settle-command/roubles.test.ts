import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { roubles } from './roubles.ts';

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [-5, '-0.05'],
  [99_999, '999.99'],
  [100_000, '1\u{202F}000.00'],
  [-123_456_780, '-1\u{202F}234\u{202F}567.80'],
])('roubles of %i kopecks', (amountMinor, text) => {
  expect(roubles(rub(amountMinor))).toBe(text);
});

test('roubles loses no kopeck of any amount', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (amountMinor) => {
      expect(Number(roubles(rub(amountMinor)).replace(/[\u{202F}.]/gu, ''))).toBe(amountMinor);
    }),
  );
});
