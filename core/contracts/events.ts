import { z } from 'zod';
import { Money, RateBps } from './money.ts';
import { Tariff, WithdrawnTariff } from './tariff.ts';
import { Instant, IsoDate, PartyId, Product, Region } from './words.ts';

/** A share of a premium: the rate agreed when the policy was issued, and the kopecks it came to. */
const Commission = z.strictObject({ rateBps: RateBps, amount: Money });

/** `policy.issued.v1`: all that settlement needs, and nothing of the holder. */
export const PolicyIssued = z.object({
  policyId: z.string(),
  number: z.string(),
  insurer: PartyId,
  product: Product,
  tariffVersion: z.int().positive(),
  issuedAt: Instant,
  startsOn: IsoDate,
  endsOn: IsoDate,
  premium: Money,
  /** What the insurer owes the company for the sale. */
  commission: Commission,
  /** Who sold it, and what the company owes them. */
  partner: z.object({ id: PartyId, commission: Commission }),
});
export type PolicyIssued = z.infer<typeof PolicyIssued>;

/**
 * `policy.cancelled.v1`: the policy ends early. Amounts are what moves back, never below zero: `refund` to the buyer, and
 * of each commission the part in proportion to it. Like the issued event, it says all that settlement needs.
 */
export const PolicyCancelled = z.object({
  policyId: z.string(),
  number: z.string(),
  insurer: PartyId,
  product: Product,
  tariffVersion: z.int().positive(),
  issuedAt: Instant,
  cancelledAt: Instant,
  startsOn: IsoDate,
  endsOn: IsoDate,
  /** What was paid for the whole cover. */
  premium: Money,
  refund: Money,
  /** What the company gives back of its commission. */
  commission: Commission,
  /** What the partner gives back of theirs. */
  partner: z.object({ id: PartyId, commission: Commission }),
});
export type PolicyCancelled = z.infer<typeof PolicyCancelled>;

/** `tariff.published.v1`: a changed tariff, whole. */
export const TariffPublished = Tariff;

/** `tariff.withdrawn.v1`: the insurer no longer sells this; takes the place of the tariff under its key. */
export const TariffWithdrawn = WithdrawnTariff;

/** `insurer.polled.v1`: the insurer answered well; its tariffs hold as of `polledAt`. */
export const InsurerPolled = z.object({ insurer: PartyId, polledAt: Instant });
export type InsurerPolled = z.infer<typeof InsurerPolled>;

/** What operations of one kind came to: how many, and the sums of what their events say moved. */
const OperationTotals = z.object({ count: z.int().nonnegative(), premium: Money, commission: Money });

/**
 * `control.day-closed.v1`: what core did on a day of Europe/Moscow that is over, for reconciliation. Its aggregate is the
 * day, `{region}-day-{day}`; a version above the first tells all of it anew, because it was not complete. Insurers without
 * an operation that day are left out.
 */
export const DayClosed = z.object({
  day: IsoDate,
  insurers: z.array(
    z.object({
      insurer: PartyId,
      /** Premiums, and the company's commissions on them. */
      issued: OperationTotals,
      /** Refunds, and what went back of the company's commissions. */
      cancelled: OperationTotals,
      /** Of all these operations: names those in which two sides differ (platform/difference-sketch). Base64url. */
      sketch: z.string().regex(/^[\w-]+$/),
    }),
  ),
});
export type DayClosed = z.infer<typeof DayClosed>;

/** What every event carries around its `data`. Readers ignore fields they do not know: changes only add. */
const envelope = {
  eventId: z.uuid(),
  aggregateId: z.string().min(1).max(80),
  aggregateVersion: z.int().positive(),
  region: Region,
  partition: z.int().nonnegative(),
  /** Grows each time a relay takes the partition over. */
  epoch: z.int().positive(),
  /** Dense within an epoch; a new epoch starts at or below the last acknowledged + 1. */
  sequence: z.int().positive(),
  occurredAt: Instant,
  traceparent: z.string().nullable(),
};

/** The envelope alone, for a reader that must place an event whose data it cannot read. */
export const EventEnvelope = z.object({ ...envelope, type: z.string().min(1), data: z.unknown() });
export type EventEnvelope = z.infer<typeof EventEnvelope>;

/** What happens to policies, on `policies.v1`. */
export const PolicyEvent = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('policy.issued.v1'), data: PolicyIssued }),
  z.object({ ...envelope, type: z.literal('policy.cancelled.v1'), data: PolicyCancelled }),
]);
export type PolicyEvent = z.infer<typeof PolicyEvent>;

/** The day's end, on `policies.v1` too. */
export const DayClosedEvent = z.object({ ...envelope, type: z.literal('control.day-closed.v1'), data: DayClosed });
export type DayClosedEvent = z.infer<typeof DayClosedEvent>;

/** The events of `tariffs.v1`. */
export const TariffEvent = z.discriminatedUnion('type', [
  z.object({ ...envelope, type: z.literal('tariff.published.v1'), data: TariffPublished }),
  z.object({ ...envelope, type: z.literal('tariff.withdrawn.v1'), data: TariffWithdrawn }),
  z.object({ ...envelope, type: z.literal('insurer.polled.v1'), data: InsurerPolled }),
]);
export type TariffEvent = z.infer<typeof TariffEvent>;
