import { expect, test } from 'vitest';
import { halves } from './halves.ts';

test('halves compares every other value with the rest, round by round', () => {
  expect(
    halves([
      [2, 1, 4, 2, 6, 3],
      [5, 5],
    ]),
  ).toEqual([2, 1]);
});
