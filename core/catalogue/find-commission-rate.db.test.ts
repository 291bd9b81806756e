import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestCore, type TestCore, tariff } from '../core.testing.ts';
import { createFindCommissionRate } from './find-commission-rate.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga', { commissionRateBps: 1_500 }));
  await core.consume(tariff('volga', { version: 2, commissionRateBps: 3_000 }));
});
afterAll(() => core[Symbol.asyncDispose]());

const sold = (tariffVersion: number) => ({ insurer: 'volga', product: 'osago', tariffVersion }) as const;
const withoutDatabase = () =>
  new Proxy({} as TestCore['ctx']['db'], { get: () => expect.unreachable('the database was asked') });

test('D9 the rate of a version on sale is asked of no table', async () => {
  const find = createFindCommissionRate({ catalogue: core.ctx.catalogue, db: withoutDatabase() });
  expect(await find(sold(2))).toBe(3_000);
});

test('D9 the rate of a version that was replaced is that of its own, and is asked for once', async () => {
  expect(await core.ctx.findCommissionRate(sold(1))).toBe(1_500);
  await core.admin`delete from core.tariffs where version = 1`;
  expect(await core.ctx.findCommissionRate(sold(1))).toBe(1_500);
});

test('a version that is not stored is an error, not a rate, and is not remembered', async () => {
  await expect(core.ctx.findCommissionRate(sold(3))).rejects.toThrow(
    'volga/osago version 3 was offered but is not stored',
  );
  await core.consume(tariff('volga', { version: 3, commissionRateBps: 2_000 }), tariff('volga', { version: 4 }));
  expect(await core.ctx.findCommissionRate(sold(3))).toBe(2_000);
});
