import { expect, test } from 'vitest';
import type { Lost } from '../../../local/backup/find-lost.ts';
import { CANCELLED, cleanEvidence, KEPT, told } from '../evidence.testing.ts';
import type { PolicyRow, TopicRecord } from '../evidence.ts';
import { type Aftermath, judge } from './judge.ts';

/** Sold in the life that is lost: it was told to its buyer, and is on the topic and in the ledger. */
const GONE: PolicyRow = { ...KEPT, id: 'msk-3', key: 'key-3', number: 'MSK-3', premiumMinor: 200_000 };
const RECORD: TopicRecord = {
  eventId: 'msk-3/1',
  aggregateId: 'msk-3',
  version: 1,
  type: 'policy.issued.v1',
  partition: 0,
  foundIn: 0,
  epoch: 2,
  sequence: 4,
  premiumMinor: 200_000,
  refundMinor: 0,
};
const MOVED = new Map([
  ['clearing:premiums', 200_000],
  ['insurer:volga:payable', -170_000],
  ['income:commission:volga', -30_000],
  ['expense:partner-commission', 10_000],
  ['partner:drill:payable', -10_000],
]);
const NAMED: Lost = {
  policyId: 'msk-3',
  number: 'MSK-3',
  operation: 'issued',
  insurer: 'volga',
  partner: 'drill',
  premiumMinor: 200_000,
  operatedAt: '2026-11-25T10:00:00.000Z',
  eventId: 'msk-3/1',
};

type Clean = Aftermath & { evidence: ReturnType<typeof cleanEvidence> };

/** A region put back, with one policy lost, and everything as it should be. */
function aftermath(): Clean {
  const clean = cleanEvidence();
  const sums = new Map([...clean.postings].map(([id, amount]) => [id, amount + (MOVED.get(id) ?? 0)]));
  return {
    evidence: {
      ...clean,
      wanted: [...clean.wanted, GONE.key],
      offered: new Map([...clean.offered, [GONE.key, 200_000]]),
      acknowledged: [...clean.acknowledged, { key: GONE.key, operation: 'issued', policy: told(GONE) }],
      topic: [...clean.topic, RECORD],
      booked: [...clean.booked, { eventId: 'msk-3/1', aggregateId: 'msk-3', version: 1, committedAt: 9 }],
      postings: sums,
      accounts: sums,
    },
    parked: [],
    stopped: [],
    named: [NAMED],
    moved: new Map([['msk-3/1', MOVED]]),
  };
}
const found = (change: (clean: Clean) => Aftermath) => judge(change(aftermath())).faults.join('\n');
const withEvidence = (clean: Clean, changes: Partial<Aftermath['evidence']>): Aftermath => ({
  ...clean,
  evidence: { ...clean.evidence, ...changes },
});

test('D4 what is lost, in the ledger and named is no fault, and is counted', () => {
  expect(judge(aftermath())).toEqual({ faults: [], lost: 1, inLedger: 1, orphans: 1, madeAgain: 0 });
});

test('D4 what was lost before Kafka had it is in nobody’s books, and counted as that', () => {
  const clean = aftermath();
  const { topic, booked, postings, accounts } = cleanEvidence();
  const after = withEvidence({ ...clean, named: [], moved: new Map() }, { topic, booked, postings, accounts });
  expect(judge(after)).toEqual({ faults: [], lost: 1, inLedger: 0, orphans: 0, madeAgain: 0 });
});

test('D4 a cancellation lost and made again: the second is parked, and the first stands for it', () => {
  const clean = cleanEvidence();
  const again = clean.outbox.map((row) => (row.eventId === 'msk-2/2' ? { ...row, eventId: 'again' } : row));
  const topic = [...clean.topic, { ...(clean.topic[3] as TopicRecord), eventId: 'again', epoch: 3, sequence: 4 }];
  const parked = [{ eventId: 'again', aggregateId: CANCELLED.id, reason: 'cancelled-twice' }];
  const evidence = { ...clean, outbox: again, topic, deadLetters: 1 };
  const moved = new Map([['msk-2/2', new Map([['clearing:premiums', -16_667]])]]);
  expect(judge({ evidence, parked, stopped: [], named: [], moved })).toEqual({
    faults: [],
    lost: 0,
    inLedger: 0,
    orphans: 1,
    madeAgain: 1,
  });
});

test.each<[string, (clean: Clean) => Aftermath, string]>([
  [
    'a number that somebody holds on another policy',
    (clean) => withEvidence(clean, { policies: [{ ...KEPT, number: 'MSK-3' }, CANCELLED] }),
    'collision: MSK-3 is on',
  ],
  [
    'a place in the stream that stood for another event',
    (clean) => withEvidence(clean, { topic: [...cleanEvidence().topic, { ...RECORD, sequence: 3 }] }),
    'stands for two events',
  ],
  ['a partition that stands still', (clean) => ({ ...clean, stopped: [4] }), 'collision: partition 4'],
  [
    'an event that only the topic has',
    (clean) => withEvidence(clean, { booked: cleanEvidence().booked }),
    'lost: event msk-3/1 is on the topic and not in the ledger',
  ],
  [
    'a booking at another amount',
    (clean) => ({ ...clean, moved: new Map([['msk-3/1', new Map([...MOVED, ['clearing:premiums', 1]])]]) }),
    'kopecks: event msk-3/1 is booked at another amount',
  ],
  [
    'a booking that came from nowhere',
    (clean) => withEvidence(clean, { topic: cleanEvidence().topic }),
    'doubled: event msk-3/1 is booked and came from nowhere',
  ],
  ['a loss that the operator is not told', (clean) => ({ ...clean, named: [] }), 'msk-3/1 is lost and not on the list'],
  [
    'a policy that the operator is told is lost, and is not',
    (clean) => ({ ...clean, named: [NAMED, { ...NAMED, policyId: 'msk-1', number: 'MSK-1', eventId: 'msk-1/1' }] }),
    'msk-1 is on the list',
  ],
  [
    'a survivor that is not in the ledger',
    (clean) => withEvidence(clean, { booked: clean.evidence.booked.slice(1) }),
    'event msk-1/1 is not in the ledger',
  ],
  [
    'a dead letter that has no such reason',
    (clean) => withEvidence(clean, { deadLetters: 1 }),
    '1 events are dead letters',
  ],
])('D4 finds %s', (_, change, sentence) => {
  expect(found(change)).toContain(sentence);
});
