import { expect, test } from 'vitest';
import { markedPart, replaceMarked } from './marked-part.ts';

const PAGE = 'before\n<!-- figures -->\nold\n<!-- /figures -->\nafter\n';

test('what is between the markers is replaced, and nothing else', () => {
  const page = replaceMarked(PAGE, 'figures', 'new');
  expect(page).toBe('before\n<!-- figures -->\nnew\n<!-- /figures -->\nafter\n');
  expect(markedPart(page, 'figures')).toBe('new');
});

test.each([
  ['none', 'before\nafter\n'],
  ['one', 'before\n<!-- figures -->\nafter\n'],
  ['the other way round', '<!-- /figures -->\n<!-- figures -->\n'],
  ['twice', PAGE + PAGE],
])('a page with markers %s is refused', (_, page) => {
  expect(() => replaceMarked(page, 'figures', 'new')).toThrow(
    'The page needs <!-- figures --> and then <!-- /figures -->, each once',
  );
});
