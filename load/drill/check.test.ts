import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { check, describeFindings, type Findings, isClean } from './check.ts';
import { CANCELLED, cleanEvidence, KEPT, told } from './evidence.testing.ts';
import type { Evidence, TopicRecord, TypedRow } from './evidence.ts';
import { readRecord } from './read-topic.ts';

type Changed = ReturnType<typeof cleanEvidence>;

/** What the checker says when the clean state is changed so. */
const found = (change: (clean: Changed) => Partial<Evidence>) => {
  const clean = cleanEvidence();
  return check({ ...clean, ...change(clean) });
};

const without = <T>(rows: readonly T[], at: number) => rows.filter((_, index) => index !== at);
const changed = <T>(rows: readonly T[], at: number, changes: Partial<T>) =>
  rows.map((row, index) => (index === at ? { ...row, ...changes } : row));

test('D2 the checker finds nothing in a clean state, nor in one without Kafka', () => {
  expect(describeFindings(check(cleanEvidence()))).toEqual([]);
  const { topic: _, ...withoutKafka } = cleanEvidence();
  expect(isClean(check(withoutKafka))).toBe(true);
});

/** By kind: a fault, how the clean state must be changed for it, and what must be said. */
const FAULTS: Record<keyof Findings, [string, (clean: Changed) => Partial<Evidence>, string][]> = {
  lost: [
    ['an intent never acknowledged', () => ({ wanted: [KEPT.key, CANCELLED.key, 'key-3'] }), '"key-3" was never'],
    ['an acknowledged policy without a row', () => ({ policies: [KEPT] }), 'msk-2 was acknowledged and does not exist'],
    [
      'an acknowledged cancellation that did not take place',
      () => ({ policies: [KEPT, { ...CANCELLED, status: 'issued', refundMinor: null }] }),
      'the cancellation of msk-2 was acknowledged',
    ],
    [
      'a policy without its event',
      ({ outbox }) => ({ outbox: without(outbox, 0) }),
      'event msk-1/1 is not in the outbox',
    ],
    [
      'a cancellation without its event',
      ({ outbox }) => ({ outbox: without(outbox, 2) }),
      'msk-2/2 is not in the outbox',
    ],
    ['an event not on the topic', ({ topic }) => ({ topic: without(topic, 3) }), 'event msk-2/2 is not on the topic'],
    ['an event not in the ledger', ({ booked }) => ({ booked: without(booked, 0) }), 'msk-1/1 is not in the ledger'],
    ['a dead letter', () => ({ deadLetters: 1 }), '1 events are dead letters'],
  ],
  doubled: [
    [
      'two policies of one key',
      ({ policies }) => ({ policies: [...policies, { ...KEPT, id: 'msk-9', number: 'MSK-9' }] }),
      '"key-1" has more than one policy',
    ],
    ['a number given twice', ({ policies }) => ({ policies: changed(policies, 1, { number: 'MSK-1' }) }), 'MSK-1 was'],
    [
      'a repeat answered by another policy',
      ({ acknowledged }) => ({ acknowledged: changed(acknowledged, 1, { policy: told({ ...KEPT, id: 'msk-2' }) }) }),
      '"key-1" issued was answered in two ways',
    ],
    ['a policy that nobody wanted', () => ({ wanted: [KEPT.key] }), 'nobody wanted policy msk-2'],
    [
      'two events for one step of a policy',
      ({ outbox }) => ({
        outbox: [...outbox, { eventId: 'other', aggregateId: 'msk-1', version: 1, type: 'policy.issued.v1' }],
      }),
      'event msk-1/1 is in the outbox twice',
    ],
    [
      'a step on the topic under two ids',
      ({ topic }) => ({ topic: [...topic, { ...(topic[0] as TopicRecord), eventId: 'other', epoch: 2, sequence: 4 }] }),
      'event msk-1/1 is on the topic under two ids',
    ],
    [
      'a record of no event',
      ({ topic }) => ({ topic: [...topic, { ...(topic[0] as TopicRecord), eventId: 'other', epoch: 2, sequence: 4 }] }),
      'event msk-1/1 is on the topic and was never in the outbox',
    ],
    [
      'a step booked twice',
      ({ booked }) => ({ booked: [...booked, { eventId: 'b', aggregateId: 'msk-1', version: 1, committedAt: 9 }] }),
      'event msk-1/1 was booked twice',
    ],
    [
      'a booking of no event',
      ({ booked }) => ({ booked: [...booked, { eventId: 'b', aggregateId: 'msk-3', version: 1, committedAt: 9 }] }),
      'event msk-3/1 was booked and was never in the outbox',
    ],
  ],
  misordered: [
    [
      'a cancellation sent before its issue',
      ({ topic: [first, second, again, last] }) => ({
        topic: [
          first,
          { ...last, epoch: 1, sequence: 2 },
          { ...second, epoch: 2, sequence: 2 },
          { ...again, sequence: 3 },
        ] as TopicRecord[],
      }),
      'msk-2/2 is on the topic before version 1',
    ],
    [
      'a hole in the numbers',
      ({ topic }) => ({ topic: changed(topic, 3, { sequence: 5 }) }),
      'number 2/5 of partition 0 comes after 2',
    ],
    [
      'an epoch that begins too late',
      ({ topic }) => ({ topic: changed(topic, 2, { sequence: 4 }) }),
      '2/4 of partition 0 comes after 2',
    ],
    [
      'a number that stands for two events',
      ({ topic }) => ({ topic: changed(topic, 3, { sequence: 2 }) }),
      '2/2 of partition 0 stands for two',
    ],
    [
      'a record in another partition',
      ({ topic }) => ({ topic: changed(topic, 0, { partition: 7 }) }),
      'of partition 7 is in 0',
    ],
    [
      'a beginning that is missing',
      ({ topic }) => ({ topic: without(topic, 0) }),
      'number 1/2 of partition 0 comes after 0',
    ],
    [
      'a cancellation booked before its issue',
      ({ booked }) => ({ booked: changed(booked, 2, { committedAt: -1 }) }),
      'msk-2 was booked in the order 2, 1',
    ],
  ],
  kopecks: [
    [
      'a price that is not the offered one',
      ({ offered }) => ({ offered: new Map([...offered, [KEPT.key, 100_000]]) }),
      'the price of "key-1" is 100001 and not 100000',
    ],
    [
      'a premium that was acknowledged otherwise',
      ({ acknowledged }) => ({
        acknowledged: changed(acknowledged, 2, { policy: told({ ...CANCELLED, premiumMinor: 33_334 }) }),
      }),
      'the premium acknowledged of msk-2 is 33334 and not 33333',
    ],
    [
      'a refund that was acknowledged otherwise',
      ({ acknowledged }) => ({
        acknowledged: changed(acknowledged, 3, {
          policy: told(CANCELLED, { refund: { amountMinor: 1, currency: 'RUB' } }),
        }),
      }),
      'the refund acknowledged of msk-2 is 1 and not 16667',
    ],
    [
      'a premium sent otherwise',
      ({ topic }) => ({ topic: changed(topic, 0, { premiumMinor: 1 }) }),
      'msk-1 on the topic is 1 and',
    ],
    [
      'a refund sent otherwise',
      ({ topic }) => ({ topic: changed(topic, 3, { refundMinor: 1 }) }),
      'msk-2 on the topic is 1 and',
    ],
    [
      'a kopeck too many in the postings',
      ({ postings }) => ({ postings: new Map([...postings, ['clearing:premiums', 116_668]]) }),
      'the postings of clearing:premiums is 116668 and not 116667',
    ],
    [
      'a sum that is not zero',
      ({ postings }) => ({ postings: new Map([...postings, ['stray', 1]]) }),
      "ledger's sum is 1",
    ],
    [
      'a balance that its postings do not come to',
      ({ accounts }) => ({ accounts: new Map([...accounts, ['partner:drill:payable', -5_834]]) }),
      'account partner:drill:payable is -5834 and not -5833',
    ],
    ['an account that is missing', () => ({ accounts: new Map() }), 'account clearing:premiums is 0 and not 116667'],
  ],
};

describe.each(Object.entries(FAULTS))('D2 the checker finds what is %s', (kind, faults) => {
  test.each(faults)('%s', (_, change, sentence) => {
    const findings = found(change);
    expect(findings[kind as keyof Findings].join('\n')).toContain(sentence);
    expect(isClean(findings)).toBe(false);
  });
});

describe('D2 a day that was told among the policies', () => {
  const day: TypedRow = {
    eventId: 'day/1',
    aggregateId: 'msk-day-2026-11-25',
    version: 1,
    type: 'control.day-closed.v1',
  };
  /** In the outbox and on the topic, sent between two events of policies; no ledger has it. */
  const told = ({ outbox, topic: [first, second, again, last] }: Changed): Changed => ({
    ...cleanEvidence(),
    outbox: [...outbox, day],
    topic: [
      first,
      second,
      { ...again, ...day, sequence: 3, premiumMinor: 0, refundMinor: 0 },
      { ...last, sequence: 4 },
    ] as TopicRecord[],
  });

  test('is no fault, and moves no money', () => {
    expect(describeFindings(found(told))).toEqual([]);
  });

  test('has its number: without it there is a hole', () => {
    const { misordered } = found((clean) => ({ ...told(clean), topic: without(told(clean).topic, 2) }));
    expect(misordered).toEqual(['number 2/4 of partition 0 comes after 2']);
  });

  test('is missed on the topic, and is not there without having been in the outbox', () => {
    const { lost } = found((clean) => ({ ...told(clean), topic: clean.topic }));
    expect(lost).toEqual(['event msk-day-2026-11-25/1 is not on the topic']);
    const { doubled } = found((clean) => ({ topic: told(clean).topic }));
    expect(doubled).toEqual(['event msk-day-2026-11-25/1 is on the topic and was never in the outbox']);
  });
});

test.each(['control.day-closed.v1', 'policy.issued.v1', 'policy.cancelled.v1'])(
  'a record of %s is read',
  async (type) => {
    const text = await readFile(new URL(`../../core/contracts/golden/${type}.json`, import.meta.url), 'utf8');
    const { data, ...event } = JSON.parse(text);
    const { eventId, aggregateId, aggregateVersion: version, epoch, sequence } = event;
    const premiumMinor = data.premium?.amountMinor ?? 0;
    const refundMinor = data.refund?.amountMinor ?? 0;
    const place = { eventId, aggregateId, version, epoch, sequence };
    expect(readRecord(3, text)).toEqual({
      ...place,
      type,
      partition: event.partition,
      foundIn: 3,
      premiumMinor,
      refundMinor,
    });
  },
);

test('a topic made anew may begin anywhere, and only there', () => {
  const begin = found(({ topic }) => ({ topicIsNew: true, topic: without(without(topic, 0), 0) }));
  expect(begin.misordered).toEqual([]);
  const halfway = found(({ topic }) => ({ topicIsNew: true, topic: topic.slice(3) }));
  expect(halfway.misordered).toEqual([]);
  const later = found(({ topic }) => ({ topicIsNew: true, topic: changed(topic, 3, { sequence: 9 }) }));
  expect(later.misordered).not.toEqual([]);
});

test('findings beyond the first ten of a kind are counted', () => {
  const many = { ...check(cleanEvidence()), lost: Array.from({ length: 13 }, (_, at) => `event ${at}`) };
  expect(describeFindings(many)).toHaveLength(11);
  expect(describeFindings(many).at(-1)).toBe('lost: and 3 more');
});
