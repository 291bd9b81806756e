import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyOperation, manyOperations, sketchOf } from './difference-sketch.testing.ts';
import { createSketch, readSketch } from './sketch.ts';

test('the order in which operations are added never matters', () => {
  const anyOrders = fc
    .array(anyOperation, { maxLength: 50 })
    .chain((operations) =>
      fc.tuple(
        fc.constant(operations),
        fc.shuffledSubarray(operations, { minLength: operations.length, maxLength: operations.length }),
      ),
    );
  fc.assert(
    fc.property(anyOrders, ([operations, shuffled]) => {
      expect(sketchOf(shuffled).toText()).toBe(sketchOf(operations).toText());
    }),
  );
});

test('a text is read as the sketch it was written from, which goes on', () => {
  const [known, later] = [manyOperations(100), manyOperations(100, 1_000)];
  const read = readSketch(sketchOf(known).toText());
  for (const operation of later) read?.add(operation);
  expect(read?.toText()).toBe(sketchOf([...known, ...later]).toText());
});

test('its size does not follow from what it holds, and ten fit into 56 kB', () => {
  expect(createSketch().toText()).toHaveLength(5_506);
  expect(sketchOf(manyOperations(10_000)).toText()).toHaveLength(5_506);
});

test('two releases understand each other: the same operations are the same text for ever, or another format', () => {
  const text = sketchOf(manyOperations(20)).toText();
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    '92cbf56205db0f35ee3816d335e97948563218ccc7e01ecacd37521837a3dff0',
  );
});

test('a text that is cut, too long, of other characters or of another format is refused', () => {
  const text = sketchOf(manyOperations(10)).toText();
  const others = [text.slice(1), text.slice(0, -1), `${text}A`, `${text}=`, '', `Ag${text.slice(2)}`];
  const characters = ['+', '/', '=', ' ', '€', '\0'].map((character) => `${text.slice(0, -1)}${character}`);
  // The last character has bits that no byte takes.
  const unused = ['B', 'C', 'D'].map((last) => `${createSketch().toText().slice(0, -1)}${last}`);
  for (const other of [...others, ...characters, ...unused]) expect(readSketch(other)).toBeUndefined();
  fc.assert(fc.property(fc.nat(text.length - 1), (length) => readSketch(text.slice(0, length)) === undefined));
});

test.each([
  ['msk-1', 1, 1],
  ['', 1, 1],
  ['msk-019AAAFA-A500-7C1E-8F2A-6B5D4C3E2F1A', 1, 1],
  ['msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a ', 1, 1],
  ['msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a', -1, 1],
  ['msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a', 1, 0.5],
  ['msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a', 2 ** 53, 1],
])('an operation that it could not give back is refused, and leaves no trace: %s, %d and %d', (...of) => {
  const sketch = createSketch();
  const [policyId, premiumMinor, commissionMinor] = of;
  expect(() => sketch.add({ policyId, operation: 'issued', premiumMinor, commissionMinor })).toThrow();
  expect(sketch.toText()).toBe(createSketch().toText());
});
