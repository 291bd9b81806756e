import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, editsWithin } from './edit-distance.ts';

/** The definition, without a table. */
function recursive(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const change = recursive(restA, restB) + (a[0] === b[0] ? 0 : 1);
  const swapped = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
  const swap = swapped ? recursive(a.slice(2), b.slice(2)) + 1 : Number.POSITIVE_INFINITY;
  return Math.min(change, swap, recursive(restA, b) + 1, recursive(a, restB) + 1);
}

const anyWord = fc.string({ unit: fc.constantFrom('а', 'б', 'в'), maxLength: 5 });

test('editDistance counts inserts, drops, changes and swaps, as its definition does', () => {
  fc.assert(
    fc.property(anyWord, anyWord, (a, b) => {
      expect(editDistance(a, b)).toBe(recursive(a, b));
    }),
  );
});

test('editsWithin is the distance, or infinity past the bound', () => {
  fc.assert(
    fc.property(anyWord, anyWord, fc.nat({ max: 4 }), (from, to, most) => {
      const edits = recursive(from, to);
      expect(editsWithin(most, { from, to })).toBe(edits <= most ? edits : Number.POSITIVE_INFINITY);
    }),
  );
});
