import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

test('suggest puts prefixes first, then words, then parts, then near ones, and knows when to be silent', () => {
  const names = ['Верхний Омск', 'Томск', 'Омск', 'Омскан', 'Орск', 'Казань'];
  expect(suggest('омск', names)).toEqual(['Омск', 'Омскан', 'Верхний Омск', 'Томск', 'Орск']);
  expect(suggest('омск', [...names, 'Новый Омск'])).toHaveLength(5);
  expect(suggest('Владивосток', names)).toEqual([]);
  expect(suggest(' ', names)).toEqual([]);
});
