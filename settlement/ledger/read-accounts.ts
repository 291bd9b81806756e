import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { rub } from '#contracts/money.ts';
import type { Accounts } from '#contracts/register.ts';
import type { SettlementContext } from '../context.ts';
import { accounts } from './table.ts';

/** Every account that was ever posted to, with its balance: debit positive. Sorted by id, byte by byte. */
export async function readAccounts({ db }: Pick<SettlementContext, 'db'>): Promise<z.infer<typeof Accounts>> {
  const rows = await db.select().from(accounts).orderBy(sql`${accounts.id} collate "C"`);
  return { accounts: rows.map((row) => ({ id: row.id, balance: rub(row.balanceMinor) })) };
}
