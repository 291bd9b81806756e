import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import { listAccounts } from './list-accounts.ts';
import { createStand, thin } from './stand.testing.ts';

test('R13 the accounts are shown with their balances, and with what they sum to', async () => {
  const accounts = [
    { id: 'insurer:volga:payable', balance: rub(-123_456_789) },
    { id: 'partner:alfa:receivable', balance: rub(123_456_790) },
  ];
  await using stand = await createStand(() => Response.json({ accounts }));
  expect(await listAccounts(stand.ctx)).toBe(0);
  expect((await stand.output()).trimEnd().split('\n')).toEqual(
    [
      'account                        balance',
      'insurer:volga:payable    -1_234_567.89',
      'partner:alfa:receivable   1_234_567.90',
      'sum                               0.01',
    ].map(thin),
  );
});
