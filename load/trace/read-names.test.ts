import { expect, test } from 'vitest';
import { readNames } from './read-names.ts';

/** What is read of a source, shortly. */
const read = (source: string) =>
  readNames(source).map(({ isGroup, text, numbers, line }) => [
    isGroup ? 'group' : 'test',
    text,
    numbers.join(' '),
    line,
  ]);

test('D14 readNames reads tests and groups of TypeScript, whatever makes them', () => {
  const source = `
    import type { A } from './a.ts';
    describe.runIf(runs)('S1 two regions', () => {
      it.each<[string]>([['a']])('R1, R2: %s holds', async (x: string) => {});
      it.concurrent('of no number', () => {});
    });
    test(\`D9 \${what} is whole\`, { timeout: 1 }, () => {});
    test(nameOf(what), () => {});
  `;
  expect(read(source)).toEqual([
    ['group', 'S1 two regions', 'S1', 3],
    ['test', 'R1, R2: %s holds', 'S1 R1 R2', 4],
    ['test', 'of no number', 'S1', 5],
    ['test', 'D9 … is whole', 'D9', 7],
    ['test', '…', '', 8],
  ]);
});

test('D14 readNames takes nothing for a test that is none', () => {
  const source = `
    // it('R1 in a comment')
    const text = "it('R1 in a text')";
    /it('R1'/.test(text);
    app.get('R1 of something else', () => {});
    it.each(['R1 a value']);
  `;
  expect(read(source)).toEqual([]);
});

test('D14 numbers are those that a name begins with, and nothing further on', () => {
  const numbers = (text: string) => read(`it(${JSON.stringify(text)}, () => {})`)[0]?.[2];
  expect(numbers('R16 D12 (b) from one')).toBe('R16 D12 (b)');
  expect(numbers('S3.2: under 16 writers')).toBe('S3.2');
  expect(numbers('has no KM in category D1')).toBe('');
  expect(numbers('D11x is no number')).toBe('');
});
