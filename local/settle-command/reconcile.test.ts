import { expect, test } from 'vitest';
import { rub } from '#contracts/money.ts';
import type { Reconciliation } from '#contracts/reconciliation.ts';
import { reconcile } from './reconcile.ts';
import { createStand, thin } from './stand.testing.ts';

const side = { issued: 1_200, cancelled: 3, premium: rub(120_000_000), commission: rub(18_000_000) };
const amounts = (premium: number, commission: number) => ({ premium: rub(premium), commission: rub(commission) });
const SAME: Reconciliation = {
  period: '2026-11',
  daysClosed: 26,
  differences: [],
  totals: { core: side, ledger: side, register: side },
};

test('D9 a month without differences is three equal sides, and 0', async () => {
  await using stand = await createStand(() => Response.json(SAME));
  expect(await reconcile(stand.ctx, { period: '2026-11' })).toBe(0);
  expect((await stand.output()).trimEnd().split('\n')).toEqual(
    [
      'Core has closed 26 days of 2026-11.',
      'side      issued  cancelled       premium  commission',
      'core       1,200          3  1_200_000.00  180_000.00',
      'ledger     1,200          3  1_200_000.00  180_000.00',
      'register   1,200          3  1_200_000.00  180_000.00',
      '',
      'No differences.',
    ].map(thin),
  );
  expect(stand.asked[0]?.what).toBe('GET /v1/reconciliation?period=2026-11');
});

test('D9 a month with differences is a row each, and 1', async () => {
  const differences: Reconciliation['differences'] = [
    {
      ...{ kind: 'amounts', day: '2026-11-05', insurer: 'volga', policyId: 'msk-1', operation: 'issued' },
      ...{ core: amounts(100_001, 15_000), ledger: amounts(100_000, 15_000), detail: 'the premium differs' },
    },
    { kind: 'missing', day: '2026-11-06', insurer: 'ural', deadLetter: '17', detail: 'its event is parked' },
    { kind: 'not-told', day: '2026-11-07', detail: 'core has not closed it' },
  ];
  await using stand = await createStand(() => Response.json({ ...SAME, daysClosed: 1, differences }));
  expect(await reconcile(stand.ctx, { period: '2026-11' })).toBe(1);
  const lines = (await stand.output()).trimEnd().split('\n');
  expect(lines[0]).toBe('Core has closed 1 day of 2026-11.');
  expect(lines.slice(6)).toEqual(
    [
      '3 differences; amounts are premium / commission.',
      'kind      day         insurer  policy  operation               core             ledger  register  dead letter  detail',
      'amounts   2026-11-05  volga    msk-1   issued     1_000.01 / 150.00  1_000.00 / 150.00                         the premium differs',
      'missing   2026-11-06  ural                                                                                 17  its event is parked',
      'not-told  2026-11-07                                                                                           core has not closed it',
    ].map(thin),
  );
});
