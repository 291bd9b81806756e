import { describe, expect, it } from 'vitest';
import type { Slice } from '../capacity/crowd.ts';
import { faultsOf, goodputOf, p99Of, recoveredAfter } from './judge.ts';

const slice = (changes: Partial<Slice>): Slice => ({
  offered: 100,
  statuses: { 200: 100 },
  waitedMs: Array(100).fill(10),
  shedMs: [],
  withoutRetryAfter: 0,
  ...changes,
});
const refused = slice({ statuses: { 200: 10, 503: 90 }, waitedMs: Array(10).fill(10), shedMs: Array(90).fill(1) });
const slow = slice({ waitedMs: [...Array(94).fill(10), ...Array(6).fill(41)] });
const NONE = slice({ offered: 0, statuses: {}, waitedMs: [] });
const seen = (...searches: Slice[]) => ({ searches, purchases: searches.map(() => NONE) });

describe('a flood', () => {
  it('what comes too late is no goodput', () => {
    const late = slice({ waitedMs: [...Array(50).fill(500), ...Array(50).fill(501)] });
    const purchases = [slice({ waitedMs: [1_000, 1_001] }), NONE];
    expect(goodputOf({ searches: [late, refused], purchases })).toBe((50 + 10 + 1) / 2);
  });

  it('its p99 is that of those who were let in', () => {
    expect(p99Of(seen(refused))).toBe(10);
    expect(p99Of({ searches: [refused], purchases: [slice({ waitedMs: [700] })] })).toBe(700);
  });

  it('is over when nobody is refused or slow any more, in no later second', () => {
    expect(recoveredAfter(seen(refused, slow, slice({}), slice({})), 40)).toBe(2);
    expect(recoveredAfter(seen(slice({}), slice({}), refused, slice({})), 40)).toBe(3);
    expect(recoveredAfter(seen(slice({}), slow), 40)).toBe(2);
    expect(recoveredAfter(seen(slice({}), slow), 41)).toBe(0);
  });

  it.each<[string, Partial<Slice>, Partial<Slice>, number]>([
    ['nothing, when quotes are refused and purchases are not', refused, {}, 0],
    ['a purchase of a hundred that failed', {}, { waitedMs: Array(99).fill(10), statuses: { 201: 99, 503: 1 } }, 1],
    ['a quote without an answer', { statuses: { 200: 99, 0: 1 } }, {}, 1],
    ['an error', { statuses: { 200: 99, 500: 1 } }, {}, 1],
    ['a refusal for good', { ...refused, withoutRetryAfter: 1 }, {}, 1],
  ])('has as its fault %s', (_what, search, purchase, faults) => {
    expect(faultsOf({ searches: [slice(search)], purchases: [slice(purchase)] })).toHaveLength(faults);
  });
});
