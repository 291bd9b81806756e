import type { Policy } from '#contracts/policy.ts';
import type { Evidence, PolicyRow, TopicRecord } from './evidence.ts';

const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' as const });

/** A policy as buyers were told of it. */
export const told = (row: PolicyRow, changes: Partial<Policy> = {}): Policy => ({
  id: row.id,
  number: row.number,
  status: 'issued',
  insurer: row.insurer,
  product: 'osago',
  premium: rub(row.premiumMinor),
  region: 'msk',
  tariffVersion: 1,
  startsOn: '2026-12-01',
  endsOn: '2027-11-30',
  issuedAt: '2026-11-25T10:00:00.000Z',
  ...changes,
});

/** Sold for 1,000.01 and kept; commissions 150.00 and 50.00, each rounded half up. */
export const KEPT: PolicyRow = {
  id: 'msk-1',
  key: 'key-1',
  number: 'MSK-1',
  insurer: 'volga',
  partner: 'drill',
  premiumMinor: 100_001,
  status: 'issued',
  refundMinor: null,
  rateBps: 1_500,
};

/** Sold for 333.33 and half of it given back. */
export const CANCELLED: PolicyRow = {
  ...KEPT,
  id: 'msk-2',
  key: 'key-2',
  number: 'MSK-2',
  premiumMinor: 33_333,
  status: 'cancelled',
  refundMinor: 16_667,
};

const record = (row: PolicyRow, version: number, place: { epoch: number; sequence: number }): TopicRecord => ({
  eventId: `${row.id}/${version}`,
  aggregateId: row.id,
  version,
  type: version === 1 ? 'policy.issued.v1' : 'policy.cancelled.v1',
  partition: 0,
  foundIn: 0,
  ...place,
  premiumMinor: row.premiumMinor,
  refundMinor: version === 1 ? 0 : (row.refundMinor ?? 0),
});

/** The sums of both policies, worked out by hand. */
const BALANCES = new Map([
  ['clearing:premiums', 100_001 + 33_333 - 16_667],
  ['insurer:volga:payable', -(100_001 - 15_000 + (33_333 - 5_000) - (16_667 - 2_500))],
  ['income:commission:volga', -(15_000 + 5_000 - 2_500)],
  ['expense:partner-commission', 5_000 + 1_667 - 834],
  ['partner:drill:payable', -(5_000 + 1_667 - 834)],
]);

/** Two policies, one of them cancelled, everywhere as they should be: sent by a relay, and the end again by the next. */
export function cleanEvidence(): Evidence & { topic: TopicRecord[] } {
  const topic = [
    record(KEPT, 1, { epoch: 1, sequence: 1 }),
    record(CANCELLED, 1, { epoch: 1, sequence: 2 }),
    record(CANCELLED, 1, { epoch: 2, sequence: 2 }),
    record(CANCELLED, 2, { epoch: 2, sequence: 3 }),
  ];
  const events = topic.filter((_, index) => index !== 2);
  return {
    wanted: [KEPT.key, CANCELLED.key],
    offered: new Map([
      [KEPT.key, 100_001],
      [CANCELLED.key, 33_333],
    ]),
    acknowledged: [
      { key: KEPT.key, operation: 'issued', policy: told(KEPT) },
      { key: KEPT.key, operation: 'issued', policy: told(KEPT) },
      { key: CANCELLED.key, operation: 'issued', policy: told(CANCELLED) },
      {
        key: CANCELLED.key,
        operation: 'cancelled',
        policy: told(CANCELLED, { status: 'cancelled', refund: rub(CANCELLED.refundMinor ?? 0) }),
      },
    ],
    policies: [KEPT, CANCELLED],
    outbox: events.map(({ eventId, aggregateId, version, type }) => ({ eventId, aggregateId, version, type })),
    topic,
    booked: events.map(({ eventId, aggregateId, version }, at) => ({ eventId, aggregateId, version, committedAt: at })),
    postings: BALANCES,
    accounts: BALANCES,
    deadLetters: 0,
    partnerRateBps: 500,
  };
}
