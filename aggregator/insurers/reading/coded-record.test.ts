import { describe, expect, test } from 'vitest';
import { codedRecord } from './coded-record.ts';
import { factor } from './factor.ts';

const table = codedRecord({ OWNER: 'own', LET: 'rented' }, factor(','));

describe('codedRecord', () => {
  test("reads coefficients in the insurer's writing under the contract's values", () => {
    expect(table.parse({ LET: '1,20', OWNER: '1' })).toEqual({ own: '1', rented: '1.2' });
  });

  test('names the code whose coefficient is wrong, and a code that is unknown', () => {
    expect(table.safeParse({ LET: '1.2' }).error?.issues).toMatchObject([{ path: ['LET'] }]);
    expect(table.safeParse({ SUBLET: '1' }).error?.issues).toMatchObject([{ message: 'unknown code "SUBLET"' }]);
  });

  test.each([null, [], 'OWNER', {}])('refuses %j', (value) => {
    expect(table.safeParse(value).success).toBe(false);
  });
});
