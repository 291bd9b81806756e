import { describe, expect, test } from 'vitest';
import { type Case, judge } from './judge.ts';
import type { Met } from './met.ts';
import { KINDS, type Kind, PLACES, TOXICS } from './names.ts';
import { RULES } from './rules.ts';

const MENDED_AT = 10_000;
const answered = (kind: Kind, changes: Partial<Met> = {}): Met => ({
  ...{ kind, startedAt: 5_000, ms: 10, status: 200, isProblem: false },
  ...changes,
});
const refusal = { status: 503, retryAfter: '2', isProblem: true };

/** A case in which nothing went wrong, but for what is added. */
const met = (added: readonly Met[], changes: Partial<Case> = {}): Case => ({
  ...{ place: 'edge-core', toxic: 'half-open', mendedAt: MENDED_AT, admitted: [], ledgerAfterMs: 0, deaths: [] },
  met: [...KINDS.map((kind) => answered(kind)), ...added],
  ...changes,
});

describe('R1 a way that is bad', () => {
  test('is well borne when all get answers, or a 503 with Retry-After where that is permitted', () => {
    expect(judge(met([answered('sale', refusal), answered('read', refusal)]))).toEqual([]);
  });

  test('may in no place and no manner cost a cached quote', () => {
    for (const place of PLACES) for (const toxic of TOXICS) expect(RULES[place][toxic]['cached quote']).toBe('good');
    expect(judge(met([answered('cached quote', refusal)]))).toEqual([
      'edge-core half-open: 1 of 2 calls of "cached quote" were refused, and none shall be: 503 x 1',
    ]);
  });

  test.each<[string, Partial<Met>, string]>([
    ['another 5xx', { status: 502, isProblem: true }, 'got neither an answer nor a 503: 502 x 1'],
    ['no answer', { status: 0, error: 'terminated' }, 'got neither an answer nor a 503: none (terminated) x 1'],
    ['no Retry-After', { ...refusal, retryAfter: null }, 'were refused without a Retry-After: 503 x 1'],
    ['a Retry-After of nothing', { ...refusal, retryAfter: '0' }, 'were refused without a Retry-After: 503 x 1'],
    ['no problem+json', { ...refusal, isProblem: false }, 'were refused without problem+json: 503 x 1'],
    ['a long wait', { ms: 14_001 }, 'took longer than 14.0 s: 200 x 1'],
  ])('is not, with %s', (_, changes, sentence) => {
    expect(judge(met([answered('sale', changes)]))).toEqual([
      `edge-core half-open: 1 of 2 calls of "sale" ${sentence}`,
    ]);
  });

  test.each<[string, Case, string]>([
    [
      'calls that fail for long afterwards',
      met([answered('sale', { ...refusal, startedAt: MENDED_AT + 5_100 })]),
      'a call failed 5.1 s after the way was well again, and none shall after 5.0 s',
    ],
    [
      'a ledger that comes late',
      met([], { ledgerAfterMs: 10_100 }),
      'the ledger had all that was sold 10.1 s after the way was well again, and shall within 10.0',
    ],
    [
      'insurers that stay unknown',
      met([], { place: 'aggregator-insurers' }),
      'every insurer was polled: never, after the way was well again',
    ],
    ['a service that ended', met([], { deaths: ['core died by itself: oh'] }), 'core died by itself: oh'],
    ['nobody there', met([], { met: KINDS.slice(1).map((kind) => answered(kind)) }), 'no cached quote was asked for'],
  ])('is not, with %s', (_, found, sentence) => {
    expect(judge(found)).toEqual([`${found.place} half-open: ${sentence}`]);
  });

  test('nor with a ledger that never comes', () => {
    const { ledgerAfterMs: _, ...never } = met([]);
    expect(judge(never)).toEqual([
      'edge-core half-open: the ledger had all that was sold: never, after the way was well again',
    ]);
  });

  test('R7 nor with a partner beyond its limit', () => {
    const admitted = Array.from({ length: 111 }, (_, index) => ({ sentAt: index * 10, answeredAt: index * 10 }));
    expect(judge(met([], { admitted }))[0]).toContain('gamma was admitted 111 times in the 10 s');
  });
});
