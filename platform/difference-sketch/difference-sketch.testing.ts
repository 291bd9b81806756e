import fc from 'fast-check';
import type { Operation } from './operation.ts';
import { createSketch, type Sketch } from './sketch.ts';

/** The region that tests' policies are of. */
export const REGION = 'msk';

/** Any operation, of amounts from nothing to the largest. */
export const anyOperation: fc.Arbitrary<Operation> = fc.record({
  policyId: fc.uuid().map((uuid) => `${REGION}-${uuid}`),
  operation: fc.constantFrom('issued', 'cancelled'),
  premiumMinor: fc.maxSafeNat(),
  commissionMinor: fc.maxSafeNat(),
});

/** So many operations, no two the same; others for each `from`. */
export const manyOperations = (count: number, from = 0): Operation[] =>
  Array.from({ length: count }, (_, at) => ({
    policyId: `${REGION}-019aaafa-a500-7c1e-8f2a-${(from + at).toString(16).padStart(12, '0')}`,
    operation: at % 10 === 9 ? 'cancelled' : 'issued',
    premiumMinor: 1_000_000 + at,
    commissionMinor: 150_000 + at,
  }));

export function sketchOf(operations: readonly Operation[]): Sketch {
  const sketch = createSketch();
  for (const operation of operations) sketch.add(operation);
  return sketch;
}

/** In an order that is the set's own. */
export const sorted = (operations: readonly Operation[]): string[] =>
  operations.map((operation) => JSON.stringify(Object.entries(operation).sort())).sort();
