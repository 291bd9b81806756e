import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuery } from './canonical-query.ts';

describe('canonicalQuery', () => {
  // Few letters, so that names and values meet cut elsewhere.
  const anyShort = fc.string({ unit: fc.constantFrom('a', '=', ' '), maxLength: 2 });
  const anyText = fc.oneof({ weight: 5, arbitrary: anyShort }, { weight: 1, arbitrary: fc.string() });
  const pairs = fc.array(fc.tuple(anyText, anyText), { maxLength: 6 });
  const sortedNames = (query: URLSearchParams) =>
    [...new Set(query.keys())].sort().map((name) => [name, [...new Set(query.getAll(name))]]);

  it('two queries have one key exactly when each name has the same values', () => {
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        const [left, right] = [new URLSearchParams(one), new URLSearchParams(other)];
        const same = JSON.stringify(sortedNames(left)) === JSON.stringify(sortedNames(right));
        expect(canonicalQuery(left) === canonicalQuery(right)).toBe(same);
      }),
      { numRuns: 1_000 },
    );
  });

  it('means what it came from, and is its own canonical form', () => {
    fc.assert(
      fc.property(pairs, (query) => {
        const canonical = canonicalQuery(new URLSearchParams(query));
        expect(sortedNames(new URLSearchParams(canonical))).toEqual(sortedNames(new URLSearchParams(query)));
        expect(canonicalQuery(new URLSearchParams(canonical))).toBe(canonical);
      }),
      { numRuns: 1_000 },
    );
  });
});
