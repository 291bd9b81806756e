import { type SQL, sql } from 'drizzle-orm';
import type { Product } from '#contracts/words.ts';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import { policies } from '../policies/table.ts';
import { addDays } from '../rating/parameters/starts-on.ts';

/** An issue, or, with a refund, a cancellation: of each policy no more than its amounts follow from. */
export interface OperationRow {
  readonly policyId: string;
  readonly insurer: string;
  readonly product: Product;
  readonly tariffVersion: number;
  readonly premiumMinor: number;
  /** Null: the release before issued it. */
  readonly commissionRateBps: number | null;
  readonly refundMinor: number | null;
}

/** Rows read at a time: requests wait for no more than these, some milliseconds. */
const PAGE_ROWS = 500;

/** What happened on a day of Europe/Moscow, page by page as it was at one moment, in no order. */
export async function* readOperations(tx: Tx, day: string): AsyncGenerator<readonly OperationRow[]> {
  await tx.execute(sql`declare day_operations no scroll cursor for ${operationsOf(day)}`);
  for (;;) {
    const rows = await tx.execute<OperationRow & Record<string, unknown>>(
      sql`fetch ${sql.raw(String(PAGE_ROWS))} from day_operations`,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) break;
  }
  await tx.execute(sql`close day_operations`);
}

/** The statement of both, each by its own index. */
export function operationsOf(day: string): SQL {
  const from = moscowMidnight(day).toISOString();
  const to = moscowMidnight(addDays(day, 1)).toISOString();
  const sold = sql`${policies.id} as "policyId", ${policies.insurer}, ${policies.product},
    ${policies.tariffVersion} as "tariffVersion", ${policies.premiumMinor}::float8 as "premiumMinor",
    ${policies.commissionRateBps} as "commissionRateBps"`;
  return sql`
    select ${sold}, null::float8 as "refundMinor" from ${policies}
    where ${policies.issuedAt} >= ${from} and ${policies.issuedAt} < ${to}
    union all
    select ${sold}, ${policies.refundMinor}::float8 as "refundMinor" from ${policies}
    where ${policies.cancelledAt} >= ${from} and ${policies.cancelledAt} < ${to}`;
}
