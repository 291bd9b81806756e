import { and, eq, getTableColumns, type SQL } from 'drizzle-orm';
import { rub } from '#contracts/money.ts';
import type { Policy } from '#contracts/policy.ts';
import type { CoreContext } from '../context.ts';
import { policies } from './table.ts';

/** What is read of a policy to answer with: never the holder, nor why it was cancelled. */
const { risk: _risk, holder: _holder, cancelReason: _reason, ...columns } = getTableColumns(policies);

/** What a cancellation adds; all of it is null before. */
type Cancellation = Pick<typeof policies.$inferSelect, 'cancelledAt' | 'cancelKey' | 'cancelDigest' | 'refundMinor'>;

/** A policy as it was issued; of this only `status` ever changes. */
export type PolicyRow = Omit<typeof policies.$inferSelect, 'risk' | 'holder' | 'cancelReason' | keyof Cancellation>;

/** A policy as it is now. */
export type StoredPolicy = PolicyRow & Cancellation;

/** A policy as its first answer told it, also when it was cancelled since. */
export function toIssued(row: PolicyRow, region: string): Policy {
  return {
    id: row.id,
    number: row.number,
    status: 'issued',
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

/** A policy as it is now, as the partner that sold it sees it. */
export function toPolicy(row: PolicyRow & Partial<Cancellation>, region: string): Policy {
  const issued = toIssued(row, region);
  if (row.status === 'issued' || !row.cancelledAt || typeof row.refundMinor !== 'number') return issued;
  const cancelledAt = new Date(row.cancelledAt).toISOString();
  return { ...issued, status: row.status, cancelledAt, refund: rub(row.refundMinor) };
}

type By = { id: string } | { idempotencyKey: string };

/** A partner's own policy by its id or by the Idempotency-Key it was issued with. */
export async function findRow(
  ctx: Pick<CoreContext, 'db'>,
  partnerId: string,
  by: By,
): Promise<StoredPolicy | undefined> {
  const matches = 'id' in by ? eq(policies.id, by.id) : eq(policies.idempotencyKey, by.idempotencyKey);
  const [row] = await selectPolicies(ctx, and(eq(policies.partnerId, partnerId), matches));
  return row;
}

/** A query of policies: what is answered with and no more. */
export const selectPolicies = ({ db }: Pick<CoreContext, 'db'>, where: SQL | undefined) =>
  db.select(columns).from(policies).where(where);
