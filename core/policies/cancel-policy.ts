import { and, eq, or } from 'drizzle-orm';
import type { PolicyCancelled } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import type { Partner } from '#contracts/partner.ts';
import type { CancelRequest, Policy } from '#contracts/policy.ts';
import { POLICIES } from '#contracts/topics.ts';
import { outboxRow } from '#platform/outbox/append.ts';
import { DomainError, NotFound } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { requireTime } from '../hop/require-time.ts';
import { updateCancelled } from './cancel-statement.ts';
import { digestOf, IdempotencyKeyReused } from './idempotency-key.ts';
import { type PolicyRow, type StoredPolicy, selectPolicies, toPolicy } from './policy-row.ts';
import { clawback, refundOf } from './refund.ts';
import { requireHome } from './require-home.ts';
import { policies } from './table.ts';

export interface CancelInput {
  readonly partner: Partner;
  readonly policyId: string;
  readonly idempotencyKey: string;
  readonly request: CancelRequest;
  readonly traceparent: string;
  /** Ms since 1970; what has not been sent to the database by then is not written. */
  readonly deadline?: number | undefined;
}

/** 409: no day of cover is left after today. */
class PolicyEnded extends DomainError {
  constructor({ id, endsOn }: PolicyRow) {
    super('policy-ended', `Cannot cancel policy "${id}": its cover ends on ${endsOn}, so no day of it is left unused`);
  }
}

/**
 * Cancels a partner's own policy, once: whoever asks again, under whatever key, gets the first answer. Throws WrongRegion,
 * NotFound, IdempotencyKeyReused, PolicyEnded and DeadlinePassed; then nothing is written.
 */
export async function cancelPolicy(
  ctx: CoreContext,
  input: CancelInput,
): Promise<{ policy: Policy; replayed: boolean }> {
  requireHome(ctx, input.policyId);
  const found = await readPolicy(ctx, input);
  if (found.status === 'issued') {
    const cancelled = cancel(ctx, found);
    const { refundMinor, cancelledAt } = cancelled;
    const event = await cancelledEvent(ctx, cancelled, input);
    const { policyId, idempotencyKey: cancelKey, request } = input;
    const keys = { cancelKey, cancelDigest: digestOf(request), cancelReason: request.reason };
    requireTime(ctx.now, input.deadline);
    if (await updateCancelled(ctx.sql, { policyId, cancelledAt, refundMinor, ...keys, event })) {
      ctx.poke(event.partition);
      return { policy: toPolicy(cancelled, ctx.region), replayed: false };
    }
  }
  // Cancelled before, or by another request meanwhile: its answer is everybody's.
  const earlier = found.status === 'cancelled' ? found : await readPolicy(ctx, input);
  if (earlier.status === 'issued') throw new Error(`Policy "${input.policyId}" could not be cancelled, and is not`);
  return { policy: toPolicy(earlier, ctx.region), replayed: true };
}

/** The policy as it is. Throws when it is not there, or when the key stands for another cancellation of the partner's. */
async function readPolicy(ctx: CoreContext, { partner, policyId, ...input }: CancelInput): Promise<StoredPolicy> {
  const either = or(eq(policies.id, policyId), eq(policies.cancelKey, input.idempotencyKey));
  const rows = await selectPolicies(ctx, and(eq(policies.partnerId, partner.id), either));
  const ofKey = rows.find((row) => row.cancelKey === input.idempotencyKey);
  if (ofKey && (ofKey.id !== policyId || ofKey.cancelDigest !== digestOf(input.request))) {
    throw new IdempotencyKeyReused(input.idempotencyKey);
  }
  const row = rows.find(({ id }) => id === policyId);
  if (!row) throw new NotFound(`Policy "${policyId}"`);
  return row;
}

type Cancelled = PolicyRow & { readonly cancelledAt: string; readonly refundMinor: number };

function cancel(ctx: CoreContext, row: PolicyRow): Cancelled {
  // Clocks of replicas differ a little: nothing is cancelled before it was issued.
  const cancelledAt = new Date(Math.max(ctx.now().getTime(), Date.parse(row.issuedAt)));
  const refundMinor = refundOf(row, cancelledAt);
  if (refundMinor === undefined) throw new PolicyEnded(row);
  return { ...row, status: 'cancelled', cancelledAt: cancelledAt.toISOString(), refundMinor };
}

/** Both commissions go back in the proportion of the refund. The reason stays out: it may name people. */
async function cancelledEvent(ctx: CoreContext, row: Cancelled, { partner, traceparent }: CancelInput) {
  const { premiumMinor, partnerCommissionMinor } = row;
  const back = (amountMinor: number) => rub(clawback(amountMinor, row));
  // The release before did not note the rates: the insurer's is that of the version sold, the partner's today's is told.
  const rateBps = row.commissionRateBps ?? (await ctx.findCommissionRate(row));
  const partnerRateBps = row.partnerCommissionRateBps ?? partner.commissionRateBps;
  const data: PolicyCancelled = {
    policyId: row.id,
    number: row.number,
    insurer: row.insurer,
    product: row.product,
    tariffVersion: row.tariffVersion,
    issuedAt: new Date(row.issuedAt).toISOString(),
    cancelledAt: row.cancelledAt,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    premium: rub(premiumMinor),
    refund: rub(row.refundMinor),
    commission: { rateBps, amount: back(shareOf(premiumMinor, rateBps)) },
    partner: { id: partner.id, commission: { rateBps: partnerRateBps, amount: back(partnerCommissionMinor) } },
  };
  return outboxRow(POLICIES, {
    type: 'policy.cancelled.v1',
    aggregateId: row.id,
    aggregateVersion: 2,
    occurredAt: new Date(row.cancelledAt),
    traceparent,
    data,
  });
}
