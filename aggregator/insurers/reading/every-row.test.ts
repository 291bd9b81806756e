import { describe, expect, test } from 'vitest';
import { everyRow } from './every-row.ts';

const page = (total: number, ...rows: string[]) => ({ total, rows });

describe('everyRow', () => {
  test('gives the rows of all pages in order', () => {
    expect(everyRow([page(3, 'a', 'b'), page(3, 'c')])).toEqual(['a', 'b', 'c']);
    expect(everyRow([page(0)])).toEqual([]);
  });

  test.each([
    ['too few rows', [page(3, 'a', 'b')], '2 rows came, the insurer counts 3'],
    ['too many rows', [page(1, 'a', 'b')], '2 rows came, the insurer counts 1'],
    ['pages that count differently', [page(2, 'a'), page(3, 'b')], '2 rows came, the insurer counts 3'],
    ['pages that overlap', [page(3, 'a', 'b'), page(3, 'b')], 'a row came twice'],
  ])('refuses %s', (_, pages, message) => {
    expect(() => everyRow(pages)).toThrow(
      expect.objectContaining({ reason: 'paging', message: expect.stringContaining(message) }),
    );
  });
});
