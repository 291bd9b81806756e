import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('D14 parseOptions takes a number in any case, or none', () => {
  expect(parseOptions([])).toEqual({ mustPass: false });
  expect(parseOptions(['d9', '--must-pass'])).toMatchObject({ only: { number: 'D9' }, mustPass: true });
});

test.each([
  [['D99'], /^The number is "D99" but must be one of R1, R2, .*F13\.$/],
  [['D9', 'D8'], /^The number is "D9 D8" but must be/],
  [['--passed'], /allowed are a number and --must-pass\.$/],
])('D14 parseOptions refuses %j with a sentence', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});
