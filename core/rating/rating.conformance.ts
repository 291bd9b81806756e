import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { Offer } from '#contracts/quote.ts';
import type { Risks } from '#contracts/risk.ts';
import type { TermsOf } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import { fraction, halfUp, product } from './fraction.testing.ts';
import type { Rating } from './price.ts';
import type { Reference } from './reference.testing.ts';

interface Rated<P extends Product> {
  readonly rate: (input: { risk: Risks[P]; terms: TermsOf<P> }) => Rating;
  readonly terms: z.ZodType<TermsOf<P>>;
  readonly anyRisk: fc.Arbitrary<Risks[P]>;
  readonly anyTerms: fc.Arbitrary<TermsOf<P>>;
  /** The same from the raw terms, by other means. */
  readonly expected: (input: { risk: Risks[P]; terms: TermsOf<P> }) => Reference;
  /** The codes of a breakdown, in order. */
  readonly codes: readonly string[];
}

/** What every product's rating by factor tables keeps to. */
export function ratingConformance<P extends Product>(subject: Rated<P>): void {
  const { rate, terms, anyRisk, anyTerms, expected, codes } = subject;
  const anyInput = fc.record({ risk: anyRisk, terms: anyTerms });

  test('the terms that rate is tested with are terms of the contract', () => {
    fc.assert(
      fc.property(anyTerms, (some) => {
        expect(terms.parse(some)).toEqual(some);
      }),
    );
  });

  describe('rate', () => {
    test('for any terms of the contract equals fractions of the raw terms, rounded once, or names all it refuses', () => {
      const seen = { rated: 0, declined: 0 };
      fc.assert(
        fc.property(anyInput, (input) => {
          const rating = rate(input);
          expect(rating).toMatchObject(expected(input));
          seen[rating.status] += 1;
        }),
        { numRuns: 500 },
      );
      expect(seen.rated).toBeGreaterThan(50);
      expect(seen.declined).toBeGreaterThan(50);
    });

    test('the breakdown has the contract form, and its base times its factors is the premium', () => {
      fc.assert(
        fc.property(anyInput, (input) => {
          const rating = rate(input);
          fc.pre(rating.status === 'rated');
          const { base, factors } = Offer.shape.breakdown.parse(rating.breakdown);
          expect(factors.map(({ code }) => code)).toEqual(codes);
          const parts = [base, ...factors.map(({ value }) => value), '100'].map(fraction);
          expect(halfUp(product(parts))).toBe(BigInt(rating.premiumMinor));
        }),
      );
    });
  });
}
