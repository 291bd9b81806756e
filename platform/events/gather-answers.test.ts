import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gatherAnswers } from './gather-answers.ts';

const answer = (text: string) => {
  const bytes = Buffer.alloc(4 + Buffer.byteLength(text));
  bytes.writeUInt32BE(bytes.length - 4);
  bytes.write(text, 4);
  return bytes;
};

test('R2 answers that come in any pieces are handed over whole, each once and in order', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.nat()), (texts, cuts) => {
      const all = Buffer.concat(texts.map(answer));
      const at = [0, ...cuts.map((cut) => cut % (all.length + 1)).toSorted((a, b) => a - b), all.length];
      const gather = gatherAnswers();
      const given = at.slice(1).flatMap((to, index) => gather(all.subarray(at[index], to)) ?? []);
      expect(Buffer.concat(given.map(({ bytes }) => bytes))).toEqual(all);
      expect(given.reduce((sum, { count }) => sum + count, 0)).toBe(texts.length);
    }),
  );
});

test('R2 of what is not whole nothing is handed over', () => {
  const gather = gatherAnswers();
  const cut = answer('in the midst').subarray(0, -1);
  expect([gather(cut.subarray(0, 3)), gather(cut.subarray(3, 4)), gather(cut.subarray(4))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(gatherAnswers()(Buffer.concat([answer('whole'), cut]))).toEqual({ bytes: answer('whole'), count: 1 });
});
