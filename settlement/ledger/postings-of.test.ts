import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rub, shareOf } from '#contracts/money.ts';
import { cancelled, issued } from '../testing.ts';
import { postingsOf } from './postings-of.ts';

interface Rates {
  readonly commission: number;
  readonly partner: number;
}

const sharesOf = (amountMinor: number, { commission, partner }: Rates) => {
  const share = (rateBps: number) => ({ rateBps, amount: rub(shareOf(amountMinor, rateBps)) });
  return { commission: share(commission), partner: { id: 'alfa', commission: share(partner) } };
};
const sale = (premiumMinor: number, rates: Rates) =>
  issued(2, 1, { data: { premium: rub(premiumMinor), ...sharesOf(premiumMinor, rates) } });
const cancellation = (refundMinor: number, rates: Rates) =>
  cancelled(2, 2, { data: { refund: rub(refundMinor), ...sharesOf(refundMinor, rates) } });

test('R13 postingsOf books a sale to the kopeck: insurer, income, partner', () => {
  expect(postingsOf(sale(100_001, { commission: 1_500, partner: 500 }))).toEqual([
    { account: 'clearing:premiums', amountMinor: 100_001 },
    { account: 'insurer:volga:payable', amountMinor: -85_001 },
    { account: 'income:commission:volga', amountMinor: -15_000 },
    { account: 'expense:partner-commission', amountMinor: 5_000 },
    { account: 'partner:alfa:payable', amountMinor: -5_000 },
  ]);
});

test('R13 postingsOf books a cancellation the other way round, by what moves back', () => {
  expect(postingsOf(cancellation(40_001, { commission: 1_500, partner: 500 }))).toEqual([
    { account: 'clearing:premiums', amountMinor: -40_001 },
    { account: 'insurer:volga:payable', amountMinor: 34_001 },
    { account: 'income:commission:volga', amountMinor: 6_000 },
    { account: 'expense:partner-commission', amountMinor: -2_000 },
    { account: 'partner:alfa:payable', amountMinor: 2_000 },
  ]);
});

test('R13 postingsOf of a policy cancelled whole takes back each side of its sale', () => {
  const rates = { commission: 1_733, partner: 517 };
  const back = postingsOf(cancellation(99_999, rates)).map((side) => ({ ...side, amountMinor: -side.amountMinor }));
  expect(back).toEqual(postingsOf(sale(99_999, rates)));
});

test.each([sale, cancellation])('R13 postingsOf leaves the partner out when nothing is owed to it', (event) => {
  const accounts = postingsOf(event(100_000, { commission: 1_500, partner: 0 })).map((posting) => posting.account);
  expect(accounts).toEqual(['clearing:premiums', 'insurer:volga:payable', 'income:commission:volga']);
});

test('R13 postingsOf of a cancellation without refund has no sides', () => {
  expect(postingsOf(cancellation(0, { commission: 1_500, partner: 500 }))).toEqual([]);
});

test.each([
  ['a sale', sale],
  ['a cancellation', cancellation],
])(
  'R13 postingsOf %s is zero in sum, never a zero posting, at least two sides, for any amount and rates',
  (_, event) => {
    const rate = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), rate, rate, (amountMinor, commission, partner) => {
        const amounts = postingsOf(event(amountMinor, { commission, partner })).map((posting) => posting.amountMinor);
        expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
        expect(amounts.some((amount) => amount === 0)).toBe(false);
        expect(amounts.length).toBeGreaterThanOrEqual(2);
      }),
    );
  },
  20_000,
);
