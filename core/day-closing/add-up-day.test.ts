import { expect, test } from 'vitest';
import { addUpDay } from './add-up-day.ts';
import type { OperationRow } from './read-operations.ts';

const row = (changes: Partial<OperationRow> = {}): OperationRow => ({
  policyId: 'msk-019aaafa-a500-7c1e-8f2a-6b5d4c3e2f1a',
  insurer: 'volga',
  product: 'osago',
  tariffVersion: 3,
  premiumMinor: 1_000_001,
  commissionRateBps: 1_500,
  refundMinor: null,
  ...changes,
});

async function* paged(rows: readonly OperationRow[], size: number) {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

const addUp = (rows: readonly OperationRow[], { size = 2, rateBps = 0 } = {}) =>
  addUpDay('2026-11-22', { pages: paged(rows, size), findCommissionRate: async () => rateBps });
const rub = (amountMinor: number) => ({ amountMinor, currency: 'RUB' });

test('a commission goes back in the proportion of the refund, rounded half up as in the event', async () => {
  const { insurers } = await addUp([row(), row({ refundMinor: 333_333 })]);
  expect(insurers).toMatchObject([
    {
      issued: { count: 1, premium: rub(1_000_001), commission: rub(150_000) },
      cancelled: { count: 1, premium: rub(333_333), commission: rub(50_000) },
    },
  ]);
});

test('a policy without a rate has that of the tariff version sold', async () => {
  const { insurers } = await addUp([row({ commissionRateBps: null })], { rateBps: 1_000 });
  expect(insurers[0]?.issued.commission).toEqual(rub(100_000));
});

test('insurers are in the order of their ids, and neither the order of rows nor the size of pages matters', async () => {
  const rows = ['volga', 'alfa', 'ural', 'b-1', 'b'].map((insurer, at) => row({ insurer, premiumMinor: 100 + at }));
  const told = await addUp(rows);
  expect(told.insurers.map(({ insurer }) => insurer)).toEqual(['alfa', 'b', 'b-1', 'ural', 'volga']);
  expect(await addUp(rows.toReversed(), { size: 500 })).toEqual(told);
});

test('sums are exact up to 2^53 - 1 kopecks, and beyond it there is none', async () => {
  const most = { premiumMinor: Number.MAX_SAFE_INTEGER - 100, commissionRateBps: 0 };
  const { insurers } = await addUp([row(most), row({ premiumMinor: 100, commissionRateBps: 0 })]);
  expect(insurers[0]?.issued.premium).toEqual(rub(Number.MAX_SAFE_INTEGER));
  await expect(addUp([row(most), row({ premiumMinor: 101 })])).rejects.toThrow(/no safe integer/);
});
