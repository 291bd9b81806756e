import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestContext } from '../testing.ts';
import { moveBalances } from './move-balances.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
afterAll(() => room[Symbol.asyncDispose]());

test('D9 a batch whose sum is beyond 2^53 moves a balance to the kopeck', async () => {
  const bookings = Array.from({ length: 10_001 }, () => ({
    sides: [
      { account: 'clearing:premiums', amountMinor: 999_999_999_999 },
      { account: 'insurer:volga:payable', amountMinor: -999_999_999_999 },
    ],
  }));
  await room.ctx.sql.begin((tx) => moveBalances(tx, bookings));
  const rows = await room.admin<{ id: string; balance: string }[]>`
    select id, balance_minor::text as balance from settlement.ledger_accounts order by id`;
  expect(rows.map(({ id, balance }) => [id, balance])).toEqual([
    ['clearing:premiums', '10000999999989999'],
    ['insurer:volga:payable', '-10000999999989999'],
  ]);
});
