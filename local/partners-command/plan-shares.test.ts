import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planShares } from './plan-shares.ts';

const NAMES = ['msk', 'nsk', 'ekb', 'vvo'] as const;

/** Shares of some regions that add up to 100 at most; who is not named has none. */
const shares = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 }).map((weights) => {
  const scale = Math.max(
    100,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  return Object.fromEntries(NAMES.map((name, at) => [name, Math.floor(((weights[at] ?? 0) * 100) / scale)]));
});

test('D6 while shares move, whichever edges know already, the regions together never admit more than the limit', () => {
  const everyEdgeMayKnow = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(shares, shares, everyEdgeMayKnow, (before, asked, knows) => {
      const { first, last } = planShares(
        NAMES.map((name) => ({ name, share: before[name] })),
        asked,
      );
      const sumWhile = (told: readonly string[], underWay: readonly string[]) =>
        NAMES.reduce((sum, name, at) => {
          const isNew = told.includes(name) || (underWay.includes(name) && knows[at]);
          return sum + ((isNew ? asked : before)[name] ?? 0);
        }, 0);
      expect([...first, ...last].sort()).toEqual([...NAMES].sort());
      expect(sumWhile([], first)).toBeLessThanOrEqual(100);
      expect(sumWhile(first, last)).toBeLessThanOrEqual(100);
    }),
  );
});

test('a share that rises comes last, with one of which nobody knows what it is; a region that is not named falls to none', () => {
  const held = [
    { name: 'msk', share: 50 },
    { name: 'nsk', share: 50 },
    { name: 'ekb', share: undefined },
  ];
  expect(planShares(held, { nsk: 80, ekb: 20 })).toEqual({ first: ['msk'], last: ['nsk', 'ekb'] });
  expect(planShares(held.slice(0, 2), { msk: 50, nsk: 50 })).toEqual({ first: ['msk', 'nsk'], last: [] });
});
