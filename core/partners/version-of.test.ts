import { expect, test } from 'vitest';
import type { Partner } from '#contracts/partner.ts';
import { isMatch, versionOf } from './version-of.ts';

const ALFA: Partner = {
  ...{ id: 'alfa', name: 'Alfa', limitPerSecond: 20, limitShares: { msk: 30, nsk: 70 } },
  ...{ commissionRateBps: 500, keyDigests: ['a'.repeat(64), 'b'.repeat(64)] },
};
const { limitShares: _, ...unshared } = ALFA;

test('the same terms have the same version, in whatever order their shares are', () => {
  expect(versionOf({ ...ALFA, limitShares: { nsk: 70, msk: 30 } })).toBe(versionOf(ALFA));
  expect(versionOf(ALFA)).toMatch(/^"[\w-]{43}"$/);
});

test.each<Partner>([
  { ...ALFA, name: 'Beta' },
  { ...ALFA, limitPerSecond: 21 },
  { ...ALFA, limitShares: { msk: 31, nsk: 69 } },
  { ...ALFA, limitShares: {} },
  unshared,
  { ...ALFA, commissionRateBps: 501 },
  { ...ALFA, keyDigests: [...ALFA.keyDigests].reverse() },
])('other terms have another version: %j', (changed) => {
  expect(versionOf(changed)).not.toBe(versionOf(ALFA));
});

test('If-Match holds for its tag, one of its tags or any, never for a weak one, and never for what is not there', () => {
  const tag = versionOf(ALFA);
  expect([tag, `"x", ${tag}`, '*'].map((ifMatch) => isMatch(ifMatch, ALFA))).toEqual([true, true, true]);
  expect(['"x"', `W/${tag}`, '', tag.slice(1, -1)].map((ifMatch) => isMatch(ifMatch, ALFA))).not.toContain(true);
  expect([tag, '*'].map((ifMatch) => isMatch(ifMatch, undefined))).toEqual([false, false]);
});
