import type { TransactionSql } from 'postgres';
import type { Booking } from './booking-of.ts';

/**
 * Moves the balances by what events post: one update an account, in the order of accounts, so that two partitions cannot
 * deadlock. The last that a transaction does: every partition wants the same few rows, and has them until it commits.
 */
export async function moveBalances(tx: TransactionSql, bookings: readonly Pick<Booking, 'sides'>[]): Promise<void> {
  const moved = new Map<string, bigint>();
  for (const { account, amountMinor } of bookings.flatMap(({ sides }) => sides)) {
    moved.set(account, (moved.get(account) ?? 0n) + BigInt(amountMinor));
  }
  if (moved.size === 0) return;
  const accounts = [...moved.keys()].sort();
  await tx`
    insert into settlement.ledger_accounts as a (id, balance_minor)
    select m.id, m.amount_minor from unnest(
      ${accounts}::text[], ${accounts.map((id) => String(moved.get(id)))}::bigint[]
    ) as m(id, amount_minor)
    on conflict (id) do update set balance_minor = a.balance_minor + excluded.balance_minor`;
}
