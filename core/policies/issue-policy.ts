import { v7 as uuidv7 } from 'uuid';
import type { PolicyIssued } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import type { Partner } from '#contracts/partner.ts';
import type { IssueRequest, Policy } from '#contracts/policy.ts';
import { POLICIES } from '#contracts/topics.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { outboxRow } from '#platform/outbox/append.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { DomainError, InvalidRequest } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { DeadlinePassed, latenessOf } from '../hop/require-time.ts';
import type { OfferClaims } from '../offers/offer-claims.ts';
import { readOffer } from '../offers/read-offer.ts';
import { digestOf, IdempotencyKeyReused } from './idempotency-key.ts';
import { lastDay } from './last-day.ts';
import { findRow, type PolicyRow, toIssued } from './policy-row.ts';

export interface IssueInput {
  readonly partner: Partner;
  readonly idempotencyKey: string;
  readonly request: IssueRequest;
  readonly traceparent: string;
  /** Ms since 1970; what has not been sent to the database by then is not written. */
  readonly deadline?: number | undefined;
}

/**
 * Issues a policy for a signed offer, once for each partner and Idempotency-Key; a repeat gets the first answer, also
 * when the offer has expired since. Throws the refusals of readOffer, InvalidRequest, IdempotencyKeyReused and
 * DeadlinePassed; then nothing is written.
 */
export async function issuePolicy(ctx: CoreContext, input: IssueInput): Promise<{ policy: Policy; replayed: boolean }> {
  const bodyDigest = digestOf(input.request);
  try {
    const offer = readOffer(ctx, input.request.offer);
    requireConsistent(ctx, input.request, offer);
    const row = await newRow(ctx, { ...input, offer, bodyDigest });
    if (await insert(ctx, row, input)) {
      ctx.poke(partitionOf(row.policy.id, POLICIES.partitions));
      return { policy: toIssued(row.policy, ctx.region), replayed: false };
    }
  } catch (error) {
    if (!(error instanceof DomainError) || error instanceof DeadlinePassed) throw error;
    // The record is looked up before an offer is refused: the first attempt may have succeeded when it was good.
    const earlier = await replay(ctx, input, bodyDigest);
    if (earlier) return earlier;
    throw error;
  }
  const earlier = await replay(ctx, input, bodyDigest);
  if (earlier) return earlier;
  throw new Error(`The Idempotency-Key of partner "${input.partner.id}" conflicts with a policy that cannot be found`);
}

async function replay(ctx: CoreContext, input: IssueInput, bodyDigest: string) {
  const row = await findRow(ctx, input.partner.id, { idempotencyKey: input.idempotencyKey });
  if (!row) return undefined;
  if (row.bodyDigest !== bodyDigest) throw new IdempotencyKeyReused(input.idempotencyKey);
  return { policy: toIssued(row, ctx.region), replayed: true };
}

function requireConsistent(ctx: CoreContext, { startsOn, holder }: IssueRequest, offer: OfferClaims): void {
  const errors = [];
  if (startsOn !== offer.risk.startsOn) {
    errors.push({ field: 'startsOn', message: `must be ${offer.risk.startsOn}, the day that the offer was rated for` });
  }
  const today = moscowDate(ctx.now());
  if (holder.birthDate < '1900-01-01' || holder.birthDate >= today) {
    errors.push({ field: 'holder.birthDate', message: 'must be a date from 1900-01-01 to yesterday' });
  }
  if (errors.length > 0) throw new InvalidRequest(errors);
}

interface NewPolicy extends IssueInput {
  readonly offer: OfferClaims;
  readonly bodyDigest: string;
}

async function newRow(ctx: CoreContext, { partner, idempotencyKey, request, offer, bodyDigest }: NewPolicy) {
  const issuedAt = ctx.now();
  const commissionRateBps = await ctx.findCommissionRate(offer);
  const policy: PolicyRow = {
    id: `${ctx.region}-${uuidv7({ msecs: issuedAt.getTime() })}`,
    number: await ctx.takeNumber(),
    partnerId: partner.id,
    idempotencyKey,
    bodyDigest,
    status: 'issued',
    insurer: offer.insurer,
    product: offer.product,
    tariffVersion: offer.tariffVersion,
    premiumMinor: offer.premiumMinor,
    partnerCommissionMinor: shareOf(offer.premiumMinor, partner.commissionRateBps),
    startsOn: request.startsOn,
    endsOn: lastDay(offer),
    issuedAt: issuedAt.toISOString(),
    commissionRateBps,
    partnerCommissionRateBps: partner.commissionRateBps,
  };
  return { policy, commissionRateBps, risk: offer.risk, holder: request.holder };
}

type NewRow = Awaited<ReturnType<typeof newRow>>;

function insert(
  ctx: CoreContext,
  { policy, commissionRateBps, risk, holder }: NewRow,
  input: IssueInput,
): Promise<boolean> {
  const data: PolicyIssued = {
    policyId: policy.id,
    number: policy.number,
    insurer: policy.insurer,
    product: policy.product,
    tariffVersion: policy.tariffVersion,
    issuedAt: policy.issuedAt,
    startsOn: policy.startsOn,
    endsOn: policy.endsOn,
    premium: rub(policy.premiumMinor),
    commission: { rateBps: commissionRateBps, amount: rub(shareOf(policy.premiumMinor, commissionRateBps)) },
    partner: {
      id: policy.partnerId,
      commission: { rateBps: input.partner.commissionRateBps, amount: rub(policy.partnerCommissionMinor) },
    },
  };
  const event = outboxRow(POLICIES, {
    type: 'policy.issued.v1',
    aggregateId: policy.id,
    aggregateVersion: 1,
    occurredAt: new Date(policy.issuedAt),
    traceparent: input.traceparent,
    data,
  });
  const refusal = () => latenessOf(ctx.now, input.deadline);
  return ctx.insertPolicy({ policy: { ...policy, risk, holder }, event, refusal });
}
