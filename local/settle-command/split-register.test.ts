import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitRegister } from './split-register.ts';

/** Takes the text apart after cutting it at these places. */
function split(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const splitter = splitRegister();
  const lines = places.slice(1).flatMap((to, index) => splitter.push(bytes.subarray(places[index], to)));
  return { lines: lines.map((line) => JSON.parse(line.toString()) as unknown), document: splitter.end() };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '{', '[', ']', '}', ',') }),
);
const line = fc.record({
  line: fc.nat(),
  comment: text,
  premium: fc.record({ amountMinor: fc.integer() }),
  tags: fc.array(text),
});
const register = fc
  .tuple(
    text,
    fc.array(line),
    fc.record({ count: fc.nat(), premium: fc.record({ amountMinor: fc.integer() }) }),
    fc.boolean(),
  )
  .map(([insurer, lines, totals, totalsFirst]) =>
    totalsFirst ? { totals, insurer, lines } : { insurer, lines, totals },
  );

test('splitRegister gives the lines and the rest of any register, wherever it is cut and however it is spaced', () => {
  fc.assert(
    fc.property(register, fc.array(fc.nat()), fc.constantFrom(0, 2), (whole, cuts, spaces) => {
      const { lines, document } = split(JSON.stringify(whole, null, spaces), cuts);
      expect(lines).toEqual(whole.lines);
      expect(document).toEqual({ ...whole, lines: [] });
    }),
  );
});

test('splitRegister throws at the end of what is not whole', () => {
  expect(() => split('{"insurer":"volga","lines":[{"line":1},')).toThrow(SyntaxError);
  expect(() => split('')).toThrow(SyntaxError);
});
