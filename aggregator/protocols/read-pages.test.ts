import { describe, expect, test } from 'vitest';
import { readPages } from './read-pages.ts';

describe('readPages', () => {
  test('reads every page once, in order', async () => {
    const asked: (string | undefined)[] = [];
    const pages = await readPages(async (cursor) => {
      asked.push(cursor);
      return { edition: 'a', next: { undefined: '2', 2: '3' }[String(cursor)], cursor };
    });
    expect(asked).toEqual([undefined, '2', '3']);
    expect(pages.map(({ cursor }) => cursor)).toEqual(asked);
  });

  test('refuses a list that changed between two pages', async () => {
    const read = readPages(async (cursor) =>
      cursor ? { edition: 'b', next: undefined } : { edition: 'a', next: '2' },
    );
    await expect(read).rejects.toMatchObject({ reason: 'paging', message: expect.stringContaining('changed') });
  });

  test('refuses pages that go in a circle', async () => {
    let calls = 0;
    const read = readPages(async (cursor) => {
      calls += 1;
      return { edition: 'a', next: cursor === '2' ? '3' : '2' };
    });
    await expect(read).rejects.toMatchObject({ reason: 'paging' });
    expect(calls).toBe(3);
  });

  test('ends a list that has no end', async () => {
    let calls = 0;
    const read = readPages(async () => {
      calls += 1;
      return { edition: 'a', next: String(calls) };
    });
    await expect(read).rejects.toThrow('more than 100 pages');
    expect(calls).toBe(100);
  });
});
