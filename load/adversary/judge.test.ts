import { describe, expect, test } from 'vitest';
import type { EventEnvelope } from '#contracts/events.ts';
import { POLICIES } from '#contracts/topics.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import type { Evidence } from './evidence.ts';
import { CHARGES, type Charge, judge } from './judge.ts';

const POLICY = 'msk-a';
const PARTITION = partitionOf(POLICY, POLICIES.partitions);
const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' });
const share = (amountMinor: number) => ({ rateBps: 1_000, amount: rub(amountMinor) });

const moved = (issued: boolean) => ({
  insurer: 'volga',
  premium: rub(10_000),
  ...(!issued && { refund: rub(4_000) }),
  commission: share(issued ? 1_000 : 400),
  partner: { id: 'alfa', commission: share(issued ? 500 : 200) },
});

/** The event of a version at a place of its partition. */
const sent = (version: number, [epoch, sequence]: readonly [number, number]): EventEnvelope => ({
  eventId: `event-${version}`,
  type: version === 1 ? 'policy.issued.v1' : 'policy.cancelled.v1',
  aggregateId: POLICY,
  aggregateVersion: version,
  region: 'msk',
  partition: PARTITION,
  epoch,
  sequence,
  occurredAt: '2026-11-25T10:00:00.000Z',
  traceparent: null,
  data: moved(version === 1),
});

const told = (version: number) => ({ aggregateId: POLICY, version, eventId: `event-${version}` });
const inTopic = (...events: EventEnvelope[]) =>
  Array.from({ length: POLICIES.partitions }, (_, partition) => (partition === PARTITION ? events : []));
const LEDGER = new Map([
  ['clearing:premiums', 6_000n],
  ['insurer:volga:payable', -5_400n],
  ['income:commission:volga', -600n],
  ['expense:partner-commission', 300n],
  ['partner:alfa:payable', -300n],
]);
const SENT = [sent(1, [1, 1]), sent(2, [1, 2])] as const;

/** A policy issued and cancelled, sent and booked. */
const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  acknowledged: new Set([`${POLICY}/1`, `${POLICY}/2`]),
  happened: [1, 2].map((version) => ({ aggregateId: POLICY, version })),
  sold: [
    {
      policyId: POLICY,
      insurer: 'volga',
      partnerId: 'alfa',
      premiumMinor: 10_000,
      partnerCommissionMinor: 500,
      refundMinor: 4_000,
    },
  ],
  outbox: [1, 2].map((version) => ({ ...told(version), data: JSON.stringify(moved(version === 1)) })),
  topic: inTopic(...SENT),
  booked: [told(1), told(2)],
  parked: [],
  positions: [
    ...Array.from({ length: POLICIES.partitions }, (_, partition) => ({ partition, epoch: 0, sequence: 0 })).filter(
      ({ partition }) => partition !== PARTITION,
    ),
    { partition: PARTITION, epoch: 1, sequence: 2 },
  ],
  posted: LEDGER,
  balances: LEDGER,
  ...changes,
});

const standsAt = (epoch: number, sequence: number): Partial<Evidence> => ({
  positions: [{ partition: PARTITION, epoch, sequence }],
});

const guiltyOf = (changes: Partial<Evidence>): Charge[] => {
  const verdict = judge(evidence(changes));
  return CHARGES.filter((charge) => verdict[charge].length > 0);
};

describe('S3.2 D2 the checker of the adversarial test', () => {
  test('finds nothing where all is well, however often an event was sent', () => {
    expect(guiltyOf({})).toEqual([]);
    const again = inTopic(...SENT, sent(1, [2, 1]), sent(2, [1, 3]), sent(2, [2, 2]));
    expect(guiltyOf({ topic: again, ...standsAt(2, 2) })).toEqual([]);
  });

  test('leaves what is no policy out of all but the numbers, where it counts', () => {
    const days = Array.from({ length: 100 }, (_, n) => `msk-day-${n}`);
    const aggregateId = days.find((id) => partitionOf(id, POLICIES.partitions) === PARTITION) ?? '';
    const day = (place: readonly [number, number]): EventEnvelope => ({
      ...sent(1, place),
      eventId: 'day',
      type: 'control.day-closed.v1',
      aggregateId,
      data: { day: '2026-11-25', insurers: [] },
    });
    expect(guiltyOf({ topic: inTopic(SENT[0], day([1, 2]), sent(2, [1, 3])), ...standsAt(1, 3) })).toEqual([]);
    expect(guiltyOf({ topic: inTopic(SENT[0], day([1, 3]), sent(2, [1, 4])), ...standsAt(1, 4) })).toEqual(['gaps']);
    expect(guiltyOf({ topic: inTopic(...SENT, day([1, 3])) })).toEqual(['gaps']);
  });

  test('does not miss what retention dropped, once it was sent', () => {
    expect(guiltyOf({ outbox: [] })).toEqual([]);
  });

  test.each<[string, Charge[], Partial<Evidence>]>([
    ['an acknowledged event that never happened', ['lost'], { acknowledged: new Set([`${POLICY}/1`, 'msk-b/1']) }],
    [
      'a policy without an event',
      ['lost'],
      { happened: [...evidence().happened, { aggregateId: 'msk-b', version: 1 }] },
    ],
    ['an event that was never sent', ['lost', 'kopecks'], { topic: inTopic(SENT[0]), ...standsAt(1, 1) }],
    ['an event that was never booked', ['lost'], { booked: [told(1)] }],
    ['an event booked twice', ['doubled'], { booked: [told(1), told(2), told(2)] }],
    ['an event booked and parked', ['doubled'], { parked: [told(2)] }],
    [
      'two events of one fact',
      ['doubled'],
      { outbox: [...evidence().outbox, { ...told(2), eventId: 'event-3', data: '{}' }] },
    ],
    ['a booking of nothing', ['invented'], { booked: [told(1), told(2), { ...told(1), aggregateId: 'msk-b' }] }],
    [
      'an event sent with other data than was committed',
      ['invented'],
      { outbox: evidence().outbox.map((row) => ({ ...row, data: '{}' })) },
    ],
    ['a cancellation sent before the issue', ['misordered'], { topic: inTopic(sent(2, [1, 1]), sent(1, [1, 2])) }],
    ['a hole within an epoch', ['gaps'], { topic: inTopic(SENT[0], sent(2, [1, 3])), ...standsAt(1, 3) }],
    ['a number that comes twice', ['gaps'], { topic: inTopic(SENT[0], sent(2, [1, 1])), ...standsAt(1, 1) }],
    ['an epoch that begins too high', ['gaps'], { topic: inTopic(SENT[0], sent(2, [2, 3])), ...standsAt(2, 3) }],
    ['a reader that stands elsewhere', ['gaps'], standsAt(1, 1)],
    [
      'accounts that are not their postings',
      ['kopecks'],
      { balances: new Map(LEDGER).set('partner:alfa:payable', 0n) },
    ],
    [
      'books of a kopeck more',
      ['kopecks'],
      {
        posted: new Map(LEDGER).set('clearing:premiums', 6_001n),
        balances: new Map(LEDGER).set('clearing:premiums', 6_001n),
      },
    ],
    [
      'a refund of which the books know nothing',
      ['kopecks'],
      { sold: evidence().sold.map((row) => ({ ...row, refundMinor: 4_001 })) },
    ],
  ])('finds %s', (_, charges, changes) => {
    expect(guiltyOf(changes)).toEqual(charges);
  });
});
