import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare } from './compare.ts';
import { anyOperation, manyOperations, REGION, sketchOf, sorted } from './difference-sketch.testing.ts';
import type { Operation } from './operation.ts';
import { readSketch, type Sketch } from './sketch.ts';

const difference = (first: readonly Operation[], second: readonly Operation[]) =>
  compare(sketchOf(first), sketchOf(second), { region: REGION });
const both = ({ onlyInFirst, onlyInSecond }: ReturnType<typeof compare>) => [sorted(onlyInFirst), sorted(onlyInSecond)];

/** Up to 30 operations of one side or the other; the same policy may be on both with other amounts. */
const anyDifference = fc
  .uniqueArray(anyOperation, { maxLength: 30, selector: ({ policyId, operation }) => policyId + operation })
  .chain((operations) =>
    fc
      .array(fc.constantFrom('first', 'second', 'amounts'), {
        minLength: operations.length,
        maxLength: operations.length,
      })
      .map((sides) => {
        const of = (side: string) => operations.filter((_, at) => sides[at] === side || sides[at] === 'amounts');
        const second = of('second').map((one) => ({ ...one, premiumMinor: (one.premiumMinor + 1) % 2 ** 50 }));
        return { first: of('first').slice(0, 30), second: second.slice(0, 30 - Math.min(30, of('first').length)) };
      }),
  );

// Seeded: of so many random tables one in some tens of thousands cannot be read, and says so.
const SEED = 20_261_127;

test('D9 compare names exactly the operations in which two sides differ, whatever they have in common', () => {
  const common = fc.integer({ min: 0, max: 3_000 });
  const property = fc.property(anyDifference, common, ({ first, second }, count) => {
    const shared = manyOperations(count);
    const found = difference([...shared, ...first], [...second, ...shared.toReversed()]);
    expect(both(found)).toEqual([sorted(first), sorted(second)]);
    expect(found.complete).toBe(true);
  });
  fc.assert(property, { seed: SEED, numRuns: 100 });
}, 60_000);

test('D9 compare reads 40 differences, on one side or on both', () => {
  for (let from = 0; from < 500 * 40; from += 40) {
    const [first, second] = [manyOperations(from % 3 === 0 ? 40 : 20, from), manyOperations(20, from + 1e9)];
    const found = difference(first, from % 3 === 0 ? [] : second);
    expect(found.complete).toBe(true);
    expect(found.onlyInFirst.length + found.onlyInSecond.length).toBe(40);
  }
});

test('D9 a policy whose amounts differ is named on both sides, each with its own', () => {
  const [mine] = manyOperations(1) as [Operation];
  for (const theirs of [
    { ...mine, premiumMinor: 1 },
    { ...mine, commissionMinor: 0 },
    { ...mine, operation: 'cancelled' as const },
  ])
    expect(difference([mine], [theirs])).toEqual({ onlyInFirst: [mine], onlyInSecond: [theirs], complete: true });
});

test('equal sets differ in nothing', () => {
  const all = manyOperations(5_000);
  expect(difference(all, all.toReversed())).toEqual({ onlyInFirst: [], onlyInSecond: [], complete: true });
  expect(difference([], [])).toEqual({ onlyInFirst: [], onlyInSecond: [], complete: true });
});

test.each([100, 500, 20_000])('%d differences are not told as complete, and nothing false is told', (count) => {
  const [first, second] = [manyOperations(count / 2), manyOperations(count / 2, 1e9)];
  const found = difference(first, second);
  expect(found.complete).toBe(false);
  expect(sorted(first)).toEqual(expect.arrayContaining(sorted(found.onlyInFirst)));
  expect(sorted(second)).toEqual(expect.arrayContaining(sorted(found.onlyInSecond)));
});

test('what could be read of too many is told', () => {
  const found = Array.from({ length: 200 }, (_, at) => difference(manyOperations(62, at * 100), []));
  const partly = found.filter(({ complete, onlyInFirst }) => !complete && onlyInFirst.length > 0);
  expect(partly.length).toBeGreaterThan(0);
});

test('an altered text is refused, or compared to its end and never told as complete', () => {
  const alteration = fc.record({ at: fc.nat(5_505), by: fc.integer({ min: 1, max: 63 }) });
  const alterations = fc.array(alteration, { minLength: 1, maxLength: 5 });
  const counts = fc.record({ first: fc.nat(20), second: fc.nat(20) });
  const property = fc.property(counts, alterations, (sizes, changes) => {
    const [first, second] = [manyOperations(sizes.first), manyOperations(sizes.second, 1e9)];
    const text = sketchOf(first).toText();
    const other = changes.reduce(alter, text);
    const sketch = readSketch(other);
    if (!sketch || other === text) return;
    expect(compare(sketch, sketchOf(second), { region: REGION }).complete).toBe(false);
  });
  fc.assert(property, { numRuns: 300 });
}, 60_000);

test('a text of any bytes at all is compared to its end', () => {
  const anyTable = fc.uint8Array({ minLength: 4_128, maxLength: 4_128 });
  fc.assert(
    fc.property(anyTable, anyTable, (a, b) => {
      const [first, second] = [a, b].map((table) =>
        readSketch(Buffer.concat([Buffer.of(1), table]).toString('base64url')),
      ) as [Sketch, Sketch];
      expect(compare(first, second, { region: REGION })).toEqual({
        onlyInFirst: [],
        onlyInSecond: [],
        complete: false,
      });
    }),
    { numRuns: 20 },
  );
}, 60_000);

test('the same operation three times is no set, and not told as one', () => {
  const [one] = manyOperations(1) as [Operation];
  expect(difference([one, one, one], [])).toEqual({ onlyInFirst: [], onlyInSecond: [], complete: false });
});

test('an operation taken out of one of its cells alone is a contradiction, and not told', () => {
  const [one] = manyOperations(1) as [Operation];
  const table = Buffer.from(sketchOf([one]).table);
  const filled = table.findIndex((byte) => byte !== 0);
  table.fill(0, 0, filled - (filled % 43) + 43);
  const sketch = readSketch(Buffer.concat([Buffer.of(1), table]).toString('base64url')) as Sketch;
  expect(compare(sketch, sketchOf([]), { region: REGION })).toEqual({
    onlyInFirst: [],
    onlyInSecond: [],
    complete: false,
  });
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function alter(text: string, { at, by }: { at: number; by: number }): string {
  const other = ALPHABET[(ALPHABET.indexOf(text.charAt(at)) + by) % 64];
  return text.slice(0, at) + other + text.slice(at + 1);
}
