import { expect, test } from 'vitest';
import { measured } from './figure.ts';

test('measured puts the gate on every figure, and the control on what compares but itself', () => {
  const { rate, ratio } = measured({ control: 'A/A: us / us', gate: 'all are right' });
  expect(rate('us', [3])).toEqual({ figure: 'us', unit: '1/s', values: [3], gate: 'all are right' });
  expect(ratio('us / them', [6, 3], [2, 3])).toEqual({
    figure: 'us / them',
    unit: 'ratio',
    values: [3, 1],
    gate: 'all are right',
    control: 'A/A: us / us',
  });
  expect(ratio('A/A: us / us', [1], [1])).not.toHaveProperty('control');
});
