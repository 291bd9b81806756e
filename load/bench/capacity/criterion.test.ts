import { describe, expect, it } from 'vitest';
import { whyBroken } from './criterion.ts';
import type { Slice } from './crowd.ts';

const slice = (changes: Partial<Slice>): Slice => ({
  offered: 1_000,
  statuses: {},
  waitedMs: Array(1_000).fill(20),
  shedMs: [],
  withoutRetryAfter: 0,
  ...changes,
});
const NOTHING = slice({ offered: 0, waitedMs: [] });
const ms = (count: number, each: number) => Array(count).fill(each) as number[];
const judge = (search: Partial<Slice>, purchase: Slice = NOTHING) =>
  whyBroken({ searches: [slice({ waitedMs: [] }), slice(search)], purchases: [NOTHING, purchase] }, 1);

describe('a region bears what it is asked for', () => {
  it('when all is answered in time, whatever the first second was like', () => {
    expect(judge({})).toBeUndefined();
    expect(judge({}, slice({}))).toBeUndefined();
  });

  it.each([
    ['one of a thousand fails', { waitedMs: ms(999, 20) }, undefined],
    ['two of a thousand fail', { waitedMs: ms(998, 20) }, '2 of 1000 failed'],
    [
      'two of a thousand are refused or not answered',
      { waitedMs: ms(998, 20), statuses: { 200: 998, 503: 1, 0: 1 } },
      '2 of 1000 failed (0: 1, 503: 1)',
    ],
    ['one of a hundred is missing', { waitedMs: ms(989, 20) }, '989 of 1000 completed'],
    ['one of twenty is slow', { waitedMs: [...ms(950, 20), ...ms(50, 501)] }, undefined],
    ['more are slow', { waitedMs: [...ms(949, 20), ...ms(51, 501)] }, 'p95 of quotes is 501 ms'],
  ])('and not when %s', (_what, search, why) => {
    expect(judge(search)).toBe(why);
  });

  it('and a purchase may take a second', () => {
    expect(judge({}, slice({ waitedMs: ms(1_000, 1_000) }))).toBeUndefined();
    expect(judge({}, slice({ waitedMs: ms(1_000, 1_001) }))).toBe('p95 of purchases is 1001 ms');
  });
});
