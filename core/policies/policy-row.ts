import { and, eq, getTableColumns } from 'drizzle-orm';
import { rub } from '#contracts/money.ts';
import type { Policy } from '#contracts/policy.ts';
import type { CoreContext } from '../context.ts';
import { policies } from './table.ts';

export type PolicyRow = Omit<typeof policies.$inferSelect, 'risk' | 'holder'>;

/** What is read of a policy to answer with: never the holder. */
const { risk: _risk, holder: _holder, ...columns } = getTableColumns(policies);

/** A policy as the partner that sold it sees it. */
export function toPolicy(row: PolicyRow, region: string): Policy {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    insurer: row.insurer,
    product: row.product,
    premium: rub(row.premiumMinor),
    commission: rub(row.partnerCommissionMinor),
    region,
    tariffVersion: row.tariffVersion,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    issuedAt: new Date(row.issuedAt).toISOString(),
  };
}

type By = { id: string } | { idempotencyKey: string };

/** A partner's own policy by its id or by the Idempotency-Key it was issued with. */
export async function findRow(ctx: Pick<CoreContext, 'db'>, partnerId: string, by: By): Promise<PolicyRow | undefined> {
  const matches = 'id' in by ? eq(policies.id, by.id) : eq(policies.idempotencyKey, by.idempotencyKey);
  const [row] = await ctx.db
    .select(columns)
    .from(policies)
    .where(and(eq(policies.partnerId, partnerId), matches));
  return row;
}
