import type { PolicyEvent } from '#contracts/events.ts';
import { REGION } from '../settlement-alone.ts';

export type Issued = Extract<PolicyEvent, { type: 'policy.issued.v1' }>;
export type Cancelled = Extract<PolicyEvent, { type: 'policy.cancelled.v1' }>;

/** An event's own number in the drill, and where it stands in the stream. */
export interface Place {
  readonly serial: number;
  readonly partition: number;
  readonly sequence: number;
}

export const EPOCH = 1;
/** One of them has the name of what every object has. */
const INSURERS = ['volga', 'ural', 'baikal', 'constructor'];
const PARTNERS = ['alfa', 'beta', 'site'];
const PRODUCTS = ['osago', 'travel', 'property', 'life'] as const;
const SHARES = { companyBps: 1_500, partnerBps: 500 };
const BEGUN = Date.UTC(2026, 10, 20);
const HOUR_MS = 3_600_000;

/** In the order of time, as uuidv7 is; the last twelve digits are the number. */
const uuidOf = (n: number) => `01978e00-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** The number of an event, out of its id. */
export const serialOf = (eventId: string): number => Number.parseInt(eventId.slice(-12), 16);

export const policyIdOf = (policy: number): string => `${REGION}-${uuidOf(policy)}`;

const of = <Value>(values: readonly Value[], n: number) => values[n % values.length] as Value;
const part = (amountMinor: number, bps: number) => Math.floor((amountMinor * bps + 5_000) / 10_000);
const money = (amountMinor: number) => ({ amountMinor, currency: 'RUB' as const });
const timeOf = (policy: number, laterMs = 0) => new Date(BEGUN + 500 * policy + laterMs).toISOString();

function envelope(policy: number, { serial, partition, sequence }: Place) {
  const aggregateId = policyIdOf(policy);
  return { eventId: uuidOf(serial), aggregateId, region: REGION, partition, epoch: EPOCH, sequence };
}

const shares = (policy: number, amountMinor: number) => ({
  commission: { rateBps: SHARES.companyBps, amount: money(part(amountMinor, SHARES.companyBps)) },
  partner: {
    id: of(PARTNERS, policy),
    commission: { rateBps: SHARES.partnerBps, amount: money(part(amountMinor, SHARES.partnerBps)) },
  },
});

function terms(policy: number) {
  const premiumMinor = 10_000 + ((policy * 7_919) % 5_000_000);
  return {
    policyId: policyIdOf(policy),
    number: `MSK-${String(policy).padStart(10, '0')}`,
    insurer: of(INSURERS, policy),
    product: of(PRODUCTS, policy),
    tariffVersion: 1,
    issuedAt: timeOf(policy),
    startsOn: '2026-12-01',
    endsOn: '2027-11-30',
    premium: money(premiumMinor),
  };
}

/** How a policy was issued. */
export function issuedEvent(policy: number, place: Place): Issued {
  const said = terms(policy);
  return {
    ...envelope(policy, place),
    aggregateVersion: 1,
    type: 'policy.issued.v1',
    occurredAt: said.issuedAt,
    traceparent: null,
    data: { ...said, ...shares(policy, said.premium.amountMinor) },
  };
}

/** How it is cancelled: from nothing to all of the premium goes back, by the policy. */
export function cancelledEvent(policy: number, place: Place): Cancelled {
  const said = terms(policy);
  const cancelledAt = timeOf(policy, HOUR_MS);
  const refundMinor = Math.floor((said.premium.amountMinor * (policy % 101)) / 100);
  return {
    ...envelope(policy, place),
    aggregateVersion: 2,
    type: 'policy.cancelled.v1',
    occurredAt: cancelledAt,
    traceparent: null,
    data: { ...said, cancelledAt, refund: money(refundMinor), ...shares(policy, refundMinor) },
  };
}
