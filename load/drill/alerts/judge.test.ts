import { expect, test } from 'vitest';
import type { Wish } from './clients.ts';
import { BUDGET_MS, judge, lostMs } from './judge.ts';
import type { Watched } from './watch.ts';

const GOOD: Watched = {
  fault: 'core-killed',
  alert: 'CoreDown',
  since: 1_000,
  firedAt: 26_000,
  resolvedAfterMs: 12_000,
  others: [],
};
/** Three sales a second from a moment on. */
const sales = (count: number, { from = 1_000, region = 'msk' } = {}): Wish[] =>
  Array.from({ length: count }, (_, index) => ({
    region,
    kind: 'sale',
    dueAt: from + (index * 1_000) / 3,
    isGood: false,
  }));

const faultsOf = (changes: Partial<Watched>, wishes: readonly Wish[] = []) =>
  judge({ watched: [{ ...GOOD, ...changes }], wishes, region: 'msk' }).faults;

test('D11 a fault that is told by its alert alone, in time, which ends with it, is well', () => {
  expect(faultsOf({}, sales(75))).toEqual([]);
});

test('D11 one that is told late, never, with another, or without end, is not', () => {
  const { firedAt: _, ...never } = GOOD;
  const { resolvedAfterMs: __, ...endless } = GOOD;
  const of = (watched: Watched) => judge({ watched: [watched], wishes: [], region: 'msk' }).faults;
  expect(of({ ...GOOD, firedAt: 122_000 })).toEqual(['core-killed: CoreDown did not fire within 120 s']);
  expect(of(never)).toEqual(['core-killed: CoreDown did not fire within 120 s']);
  expect(of(endless)).toEqual(['core-killed: CoreDown did not end when all was well again']);
  expect(faultsOf({ others: ['SalesFailing{region="msk"} (page)'] })).toEqual([
    'core-killed: SalesFailing{region="msk"} (page) fired too',
  ]);
});

test('R1 the budget is 2 % of the 43.8 minutes of a month, in time without service', () => {
  expect(BUDGET_MS).toBeCloseTo(52_560, 0);
});

test('R1 D11 what was lost before it was told is the share that failed of that time, of its region, the worse kind', () => {
  const good = sales(25, { from: 1_000 }).map((wish) => ({ ...wish, isGood: true }));
  const quotes = sales(10).map((wish): Wish => ({ ...wish, kind: 'quote', isGood: true }));
  const early = sales(9, { from: -10_000 });
  const wishes = [...sales(50), ...good, ...quotes, ...early, ...sales(90, { region: 'nsk' })];
  expect(lostMs(GOOD, { wishes, region: 'msk' })).toBeCloseTo((25_000 * 50) / 75, 0);
  expect(lostMs(GOOD, { wishes: [], region: 'msk' })).toBe(0);
  const late = { firedAt: 1_000 + 55_000 };
  expect(faultsOf(late, sales(3 * 55))).toEqual([expect.stringContaining('55.0 s were lost before it was told')]);
  expect(faultsOf(late, [...sales(3 * 55), ...good])).toEqual([]);
});

test('a failure in the other region is a fault of its own', () => {
  expect(faultsOf({}, sales(2, { region: 'nsk' }))).toEqual(['2 wishes failed in the other region']);
});
