import { describe, expect, test } from 'vitest';
import { coefficients } from './coefficients.ts';

const table = coefficients({ W: 'wood', B: 'brick' });
const row = (code: string, factor = '1') => ({ code, factor });

describe('coefficients', () => {
  test('reads rows of any order by the code, those that are absent stay absent', () => {
    expect(table.parse([row('B', '0.9'), row('W', '1.5')])).toEqual({ wood: '1.5', brick: '0.9' });
    expect(table.parse([row('B')])).toEqual({ brick: '1' });
  });

  test.each([
    ['an unknown code', [row('B'), row('X')], 'unknown code "X"'],
    ['the name of something inherited', [row('constructor')], 'unknown code "constructor"'],
    ['one code twice, even with one factor', [row('B'), row('B')], 'two coefficients for "B"'],
    ['a row without a code', [{ factor: '1' }], 'expected string'],
    ['a factor that is none', [row('B', '1.50')], 'must be a decimal'],
    ['no row', [], 'must hold a coefficient'],
  ])('refuses %s, and names it', (_, rows, message) => {
    expect(table.safeParse(rows).error?.issues).toMatchObject([{ message: expect.stringContaining(message) }]);
  });
});
