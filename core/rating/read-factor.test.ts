import { expect, test } from 'vitest';
import { decimal } from './decimal.ts';
import { readFactor } from './read-factor.ts';

test('readFactor reads as decimal does, also again, and after more different texts than it remembers', () => {
  const texts = Array.from({ length: 10_500 }, (_, units) => String((10_000 + units) / 10_000));
  for (const text of [...texts, ...texts.slice(0, 600)]) {
    const read = readFactor(text);
    if (read.text !== text || read.scale > 4) expect.fail(`${text} was read as ${read.text}`);
    expect(readFactor(text)).toBe(read);
  }
  expect(texts.slice(0, 600).map(readFactor)).toEqual(texts.slice(0, 600).map(decimal));
});

test('readFactor refuses what is no decimal', () => {
  expect(() => readFactor('1,5')).toThrow(RangeError);
});
