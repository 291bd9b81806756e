import { expect, test } from 'vitest';
import { maySpend } from './spent.ts';

const at = (sentAt: number, answeredAt = sentAt + 3) => ({ sentAt, answeredAt });
const evenly = (second: number, count: number) =>
  Array.from({ length: count }, (_, index) => at(second * 1_000 + index * 95));

test('the eleventh of a second is refused rightly, the tenth wrongly', () => {
  expect(maySpend(at(5_990), evenly(5, 10), 10)).toBe(true);
  expect(maySpend(at(5_990), evenly(5, 9), 10)).toBe(false);
});

test('what was let in in the seconds before and after does not count', () => {
  expect(maySpend(at(5_500), [...evenly(4, 10), ...evenly(5, 9), ...evenly(6, 10)], 10)).toBe(false);
});

test('what was on its way at the turn of a second may have come in either', () => {
  expect(maySpend(at(5_500), [...evenly(5, 9), at(4_990, 5_010)], 10)).toBe(true);
  expect(maySpend(at(5_500), [...evenly(5, 9), at(4_990, 4_999)], 10)).toBe(false);
  expect(maySpend(at(4_990, 5_010), evenly(5, 10), 10)).toBe(true);
});
