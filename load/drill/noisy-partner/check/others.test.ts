import { expect, test } from 'vitest';
import type { Asked, Refusal } from '../asked.ts';
import { checkOthers, type Incident, type Quota } from './others.ts';

const good: Asked = {
  caller: 'beta',
  what: 'quote',
  region: 'msk',
  slice: 'one',
  dueAt: 1_000,
  sentAt: 1_000,
  answeredAt: 1_004,
  status: 200,
  tellsLimit: true,
};
const limited: Asked = { ...good, status: 429, retryAfter: '1' };
const cut = (refusal: Partial<Refusal> = {}): Asked => ({
  ...good,
  refusal: { region: 'nsk', sentAt: 1_000, at: 1_001, error: 'ECONNRESET', ...refusal },
});
const death: Incident = { dead: { region: 'nsk', at: 1_000 }, sharesMovedBy: 30_000 };
/** Two a second in each region. */
const quota: Quota = ({ region }) => ({ perSecond: 2, among: (other) => other.region === region });
const judge = (asked: readonly Asked[], incident: Incident = {}) => checkOthers(asked, { incident, quota });
const faultsOf = (asked: readonly Asked[], incident: Incident = {}) => judge(asked, incident).faults;

test('D1 R7 good answers are no fault, any other answer is one', () => {
  expect(judge([good, { ...good, status: 201, what: 'policy' }])).toEqual({
    faults: [],
    asked: 2,
    shareOfSurvivor: [],
    bunched: [],
    excused: [],
  });
  expect(faultsOf([limited, good, limited])).toEqual(["2 times beta's quote in msk was answered 429"]);
  expect(faultsOf([{ ...good, status: 503 }])).toEqual(["1 times beta's quote in msk was answered 503"]);
  expect(faultsOf([{ ...good, status: 0, error: 'timeout' }])).toEqual([
    "1 times beta's quote in msk was answered timeout",
  ]);
});

test('more than a second allows is counted by itself, whoever else was admitted then', () => {
  expect(judge([good, good, limited])).toMatchObject({ faults: [], bunched: [limited] });
  const elsewhere: Asked = { ...good, region: 'nsk' };
  const somebodyElse: Asked = { ...good, caller: 'site' };
  expect(judge([good, elsewhere, somebodyElse, limited])).toMatchObject({ bunched: [], faults: [expect.anything()] });
});

test('an answer that does not tell its limit is a fault', () => {
  expect(faultsOf([{ ...good, tellsLimit: false }])).toEqual([
    "1 times beta's quote in msk, answered 200, does not tell its limit",
  ]);
});

test('a cut connection is excused when its region was killed, and what was sent before the caller knew', () => {
  expect(judge([cut(), cut({ at: 1_003 })], death)).toMatchObject({
    faults: [],
    excused: [cut(), cut({ at: 1_003 })],
  });
});

test.each([
  ['nobody was killed', [cut()], {}],
  ['it is the other region that was killed', [cut({ region: 'msk' })], death],
  ['it was cut before the kill', [cut({ sentAt: 990, at: 999 })], death],
  ['the caller knew already', [cut(), cut({ sentAt: 1_002, at: 1_003 })], death],
])('a cut connection is a fault when %s', (_when, asked, incident) => {
  expect(faultsOf(asked, incident)).toHaveLength(1);
});

test('what the other region then answers is judged too', () => {
  expect(faultsOf([{ ...cut(), status: 503 }], death)).toEqual(["1 times beta's quote in msk was answered 503"]);
});

test('a partner short of its share in the surviving region is counted by itself until the share is moved, then a fault', () => {
  expect(judge([limited, { ...limited, sentAt: 29_999 }], death)).toMatchObject({
    faults: [],
    asked: 2,
    shareOfSurvivor: [limited, { ...limited, sentAt: 29_999 }],
  });
  const late = { ...limited, sentAt: 30_000 };
  const early = { ...limited, sentAt: 999 };
  const visitor: Asked = { ...limited, caller: 'visitors' };
  for (const refused of [late, early, visitor]) expect(faultsOf([refused], death)).toHaveLength(1);
});
