import type { z } from 'zod';
import { rub } from '#contracts/money.ts';
import type { Accounts } from '#contracts/register.ts';
import { table } from '../print-table.ts';
import { roubles } from './roubles.ts';

/** The balances, and what they sum to: 0.00 in books that are right. Summed as integers, beyond what a float holds. */
export function accountLines({ accounts }: z.infer<typeof Accounts>): string[] {
  const sum = accounts.reduce((total, { balance }) => total + BigInt(balance.amountMinor), 0n);
  const rows = accounts.map(({ id, balance }) => [id, roubles(balance)]);
  return table([['account', 'balance'], ...rows, ['sum', roubles(rub(Number(sum)))]], ['account']);
}
