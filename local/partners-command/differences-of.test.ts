import { expect, test } from 'vitest';
import type { Partner } from '#contracts/partner.ts';
import { differencesOf } from './differences-of.ts';

const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)] as const;
const ALFA: Partner = { id: 'alfa', name: 'Alfa', limitPerSecond: 20, commissionRateBps: 500, keyDigests: [OLD] };
const found = (...terms: Partial<Partner>[]) =>
  terms.map((changes, at) => ({
    region: { name: ['msk', 'nsk'][at] ?? 'ekb', url: '', token: '' },
    partner: { ...ALFA, ...changes },
  }));

test('terms that are the same everywhere do not differ, in whatever order shares and keys are', () => {
  const one = { limitShares: { msk: 20, nsk: 80 }, keyDigests: [OLD, NEW] };
  const other = { limitShares: { nsk: 80, msk: 20 }, keyDigests: [NEW, OLD] };
  expect(differencesOf(found(one, other, one))).toEqual([]);
});

test.each<[Partial<Partner>, string]>([
  [{ name: 'Beta' }, 'name: msk Alfa, nsk Beta'],
  [{ limitPerSecond: 40 }, 'limit: msk 20, nsk 40'],
  [{ limitShares: { nsk: 80, msk: 20 } }, 'shares: msk default, nsk msk=20 nsk=80'],
  [{ limitShares: {} }, 'shares: msk default, nsk none'],
  [{ commissionRateBps: 1_250 }, 'commission: msk 5.00 %, nsk 12.50 %'],
  [{ keyDigests: [OLD, NEW] }, 'keys: msk aaaaaaaa, nsk aaaaaaaa bbbbbbbb'],
  [{ keyDigests: [] }, 'keys: msk aaaaaaaa, nsk none'],
])('%j is a sentence', (changes, sentence) => {
  expect(differencesOf(found({}, changes))).toEqual([`The regions differ in ${sentence}.`]);
});

test('every part that differs is named, or only those asked for', () => {
  const differing = found({}, { limitPerSecond: 1, keyDigests: [] });
  expect(differencesOf(differing)).toHaveLength(2);
  expect(differencesOf(differing, ['keys'])).toEqual([expect.stringContaining('differ in keys')]);
});
