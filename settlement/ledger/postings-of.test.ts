import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import { postingsOf } from './postings-of.ts';

function event(premiumMinor: number, rates: { commission: number; partner: number }): PolicyEvent {
  const commission = (rateBps: number) => ({ rateBps, amount: rub(shareOf(premiumMinor, rateBps)) });
  const data = {
    insurer: 'volga',
    premium: rub(premiumMinor),
    commission: commission(rates.commission),
    partner: { id: 'alfa', commission: commission(rates.partner) },
  };
  return { data } as PolicyEvent;
}

test('R13 postingsOf books a sale to the kopeck: insurer, income, partner', () => {
  expect(postingsOf(event(100_001, { commission: 1_500, partner: 500 }))).toEqual([
    { account: 'clearing:premiums', amountMinor: 100_001 },
    { account: 'insurer:volga:payable', amountMinor: -85_001 },
    { account: 'income:commission:volga', amountMinor: -15_000 },
    { account: 'expense:partner-commission', amountMinor: 5_000 },
    { account: 'partner:alfa:payable', amountMinor: -5_000 },
  ]);
});

test('R13 postingsOf leaves the partner out when nothing is owed to it', () => {
  const accounts = postingsOf(event(100_000, { commission: 1_500, partner: 0 })).map((posting) => posting.account);
  expect(accounts).toEqual(['clearing:premiums', 'insurer:volga:payable', 'income:commission:volga']);
});

test('R13 postingsOf is zero in sum, never a zero posting, at least two sides, for any premium and rates', () => {
  const rate = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), rate, rate, (premiumMinor, commission, partner) => {
      const amounts = postingsOf(event(premiumMinor, { commission, partner })).map((posting) => posting.amountMinor);
      expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
      expect(amounts).not.toContain(0);
      expect(amounts.length).toBeGreaterThanOrEqual(2);
    }),
  );
});
