import { describe, expect, test } from 'vitest';
import type { Policy } from '#contracts/policy.ts';
import type { Offer, Quote } from '#contracts/quote.ts';
import { JOURNEYS } from './journeys.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { Answer, Trip } from './step.ts';

const RISK = { category: 'B', subject: 'Москва', locality: 'Москва', kbm: '3' };
const money = (amountMinor: number) => ({ amountMinor, currency: 'RUB' as const });
const offer = (insurer: string, amountMinor: number) =>
  ({ token: `token-${insurer}`, insurer, premium: money(amountMinor) }) as Offer;
const quoteOf = (change: Partial<Quote> = {}) =>
  ({
    region: 'msk',
    risk: { ...RISK, startsOn: '2026-11-23' },
    offers: [offer('volga', 100), offer('don', 200)],
    ...change,
  }) as unknown as Quote;
const policyOf = (change: Partial<Policy> = {}) =>
  ({ id: 'msk-1', status: 'issued', insurer: 'volga', premium: money(100), ...change }) as Policy;

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  header: (name) => headers[name],
});
const REPLAYED = { 'idempotency-replayed': 'true' };
const trip = (change: Partial<Trip> = {}): Trip => ({
  key: 'ik_site_1',
  risk: RISK,
  id: 'trip-1',
  isOverLimit: false,
  ...change,
});
const [QUOTE, ISSUE, REPEAT, READ, LIST, CANCEL] = JOURNEYS.sale as Required<typeof JOURNEYS.sale> & {
  length: 6;
};

/** A trip on which the policy is already bought. */
function bought(): Trip {
  const begun = trip();
  QUOTE?.judge(answer(200, quoteOf()), begun);
  ISSUE?.judge(answer(201, policyOf()), begun);
  return begun;
}

test('a sale asks for offers, buys the cheapest, buys it again, reads, lists and cancels it', () => {
  const begun = trip();
  const answers = [
    answer(200, quoteOf()),
    answer(201, policyOf()),
    answer(201, policyOf(), REPLAYED),
    answer(200, policyOf()),
    answer(200, { items: [policyOf({ id: 'msk-2' }), policyOf()] }),
    answer(200, policyOf({ status: 'cancelled', refund: money(100) })),
  ];
  const sent = JOURNEYS.sale.map((step, index) => {
    const request = step.request(begun);
    expect(step.judge(answers[index] as Answer, begun)).toBeUndefined();
    return request;
  });
  expect(sent.map((request) => `${request?.method} ${request?.path.split('?')[0]}`)).toEqual([
    'GET /v1/quotes/osago',
    'POST /v1/policies',
    'POST /v1/policies',
    'GET /v1/policies/msk-1',
    'GET /v1/policies',
    'POST /v1/policies/msk-1/cancel',
  ]);
  expect(sent[2]).toEqual(sent[1]);
  expect(JSON.parse(sent[1]?.body ?? '')).toMatchObject({ offer: 'token-volga', startsOn: '2026-11-23' });
  const keys = sent.map((request) => request?.headers['Idempotency-Key']);
  expect(keys).toEqual([undefined, 'trip-1-issue', 'trip-1-issue', undefined, undefined, 'trip-1-cancel']);
  expect(sent.every((request) => request?.headers['Authorization'] === 'Bearer ik_site_1')).toBe(true);
});

test('where the region is known before, another one is a fault; where not, the first answer tells it', () => {
  expect(QUOTE?.judge(answer(200, quoteOf()), trip({ region: 'nsk' }))).toBe('it is of region msk, not of nsk');
  const begun = trip();
  QUOTE?.judge(answer(200, quoteOf({ region: 'ekb' })), begun);
  expect(ISSUE?.judge(answer(201, policyOf()), begun)).toBe('policy msk-1 is not of region ekb');
});

test('an answer that lacks what a step looks at is wrong, and ends no run', () => {
  for (const [index, step] of JOURNEYS.sale.entries()) {
    const begun = index < 2 ? trip({ bought: { offer: offer('volga', 100), startsOn: '2026-11-23' } }) : bought();
    const status = step.kind === 'issue' || step.kind === 'repeat' ? 201 : 200;
    for (const body of ['{}', 'null', '[]']) {
      const fault = judgeAnswer(step, { answer: answer(status, body, REPLAYED), trip: begun });
      expect(fault, `${step.kind} ${body}`).toEqual(expect.any(String));
    }
  }
});

test('without an answer before it nothing is asked', () => {
  for (const step of [ISSUE, REPEAT, READ, LIST, CANCEL]) expect(step?.request(trip())).toBeUndefined();
});

describe('a wrong answer is found', () => {
  test.each([
    ['another status', answer(503, 'busy'), 'status 503, not 200: busy'],
    ['429 for who keeps to its limit', answer(429, '', { 'retry-after': '1' }), 'status 429, not 200: '],
    ['no JSON', answer(200, '<html>'), 'its body is no JSON: <html>'],
    ['no offers', answer(200, quoteOf({ offers: [] })), 'no insurer makes an offer'],
    [
      'dearest first',
      answer(200, quoteOf({ offers: [offer('don', 200), offer('volga', 100)] })),
      'its offers are not cheapest first',
    ],
    [
      "somebody else's",
      answer(200, quoteOf({ risk: { ...RISK, kbm: '4' } as never })),
      'it is for B, Москва, 4, which nobody asked for',
    ],
  ])('quote: %s', (_, wrong, fault) => {
    expect(QUOTE?.judge(wrong, trip())).toBe(fault);
  });

  test.each([
    ['another status', answer(421, 'other region'), 'status 421, not 201: other region'],
    [
      'another price',
      answer(201, policyOf({ premium: money(99) })),
      'policy msk-1 is of volga at 99, not of volga at 100',
    ],
    [
      'another insurer',
      answer(201, policyOf({ insurer: 'don' })),
      'policy msk-1 is of don at 100, not of volga at 100',
    ],
    ['cancelled', answer(201, policyOf({ status: 'cancelled' })), 'policy msk-1 is cancelled'],
  ])('issue: %s', (_, wrong, fault) => {
    const begun = trip();
    QUOTE?.judge(answer(200, quoteOf()), begun);
    expect(ISSUE?.judge(wrong, begun)).toBe(fault);
    expect(begun.issued).toBeUndefined();
  });

  test.each([
    ['repeat: not said to be one', REPEAT, answer(201, policyOf()), 'Idempotency-Replayed: true is missing'],
    [
      'repeat: a second policy',
      REPEAT,
      answer(201, policyOf({ id: 'msk-2' }), REPLAYED),
      'the same key bought policy msk-2 besides msk-1',
    ],
    [
      'repeat: other words',
      REPEAT,
      answer(201, policyOf({ status: 'cancelled' }), REPLAYED),
      'policy msk-1 is answered in other words than at first',
    ],
    ['read: 404', READ, answer(404, ''), 'status 404, not 200: '],
    ['read: changed', READ, answer(200, policyOf({ premium: money(1) })), 'policy msk-1 is not as it was sold'],
    ['list: without it', LIST, answer(200, { items: [] }), 'policy msk-1 is not among the newest 100'],
    ['cancel: still issued', CANCEL, answer(200, policyOf()), 'policy msk-1 is issued'],
    [
      'cancel: no refund',
      CANCEL,
      answer(200, policyOf({ status: 'cancelled' })),
      'the refund of policy msk-1 is missing, not 100',
    ],
  ])('%s', (_, step, wrong, fault) => {
    expect(step?.judge(wrong, bought())).toContain(fault);
  });
});

test.each([
  ['1', undefined],
  ['2', undefined],
  ['0.5', '429 with Retry-After "0.5", not whole seconds to wait for'],
  [undefined, '429 with Retry-After "none", not whole seconds to wait for'],
])('R7 429 for who is over its limit is right with Retry-After, in whole seconds: %s', (told, fault) => {
  const headers: Record<string, string> = told === undefined ? {} : { 'retry-after': told };
  expect(QUOTE?.judge(answer(429, '', headers), trip({ isOverLimit: true }))).toBe(fault);
});
