import { expect, test } from 'vitest';
import { tellNumber } from './tell-number.ts';

test('tellNumber gives about three digits, and groups thousands', () => {
  expect([73_049.4, 1_235, 100, 99.94, 12.34, 1.2345, 0.857, 0.0061, 0, -23.4].map(tellNumber)).toEqual([
    '73,049',
    '1,235',
    '100',
    '99.9',
    '12.3',
    '1.23',
    '0.86',
    '0.006',
    '0.00',
    '-23.4',
  ]);
});
