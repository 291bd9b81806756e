import { describe, expect, test } from 'vitest';
import { codedTable } from './coded-table.ts';

const table = codedTable({ ZH: 'female', M: 'male' });

describe('codedTable', () => {
  test("puts the contract's values in place of the insurer's codes, and leaves out what is not given", () => {
    expect(
      table.parse([
        ['M', '1.2'],
        ['ZH', '0.8'],
      ]),
    ).toEqual({ female: '0.8', male: '1.2' });
    expect(table.parse([['M', '1']])).toEqual({ male: '1' });
  });

  test.each(['X', 'female', 'constructor', '__proto__', ''])('refuses the unknown code %j', (code) => {
    const result = table.safeParse([[code, '1']]);
    expect(result.error?.issues).toMatchObject([{ message: `unknown code "${code}"` }]);
  });

  test('refuses a code given twice, even with one coefficient', () => {
    const twice = table.safeParse([
      ['M', '1'],
      ['M', '1'],
    ]);
    expect(twice.error?.issues).toMatchObject([{ message: 'two coefficients for "M"' }]);
  });

  test('refuses a table of nothing, which would decline everybody', () => {
    expect(table.safeParse([]).error?.issues).toMatchObject([{ message: 'must hold a coefficient' }]);
  });

  test('refuses a coefficient that is not in the form of the contract', () => {
    expect(table.safeParse([['M', '1.50']]).success).toBe(false);
  });
});
