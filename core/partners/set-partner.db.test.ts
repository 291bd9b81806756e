import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestCore, HOLDER, partner, query, type TestCore, tariff } from '../core.testing.ts';
import { partners } from './table.ts';

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
});
afterAll(() => core[Symbol.asyncDispose]());

/** What alfa gets of a sale made now, and of which premium, kopecks. */
async function sell(key: string): Promise<[commission: number, premium: number]> {
  const quote = (await (await core.call(`/v1/quotes/osago?${query()}`)).json()) as { offers: { token: string }[] };
  const body = JSON.stringify({ offer: quote.offers[0]?.token, holder: HOLDER, startsOn: '2026-11-23' });
  const answer = await core.call('/v1/policies', {
    method: 'POST',
    by: 'alfa',
    body,
    headers: { 'idempotency-key': key },
  });
  const { commission, premium } = (await answer.json()) as Record<'commission' | 'premium', { amountMinor: number }>;
  return [commission.amountMinor, premium.amountMinor];
}
const rateOf = ([commission, premium]: [number, number]) => Math.round((commission * 10_000) / premium);

test('S6 terms that the operator sets are in force here with the next sale, those set elsewhere within a second', async () => {
  expect(rateOf(await sell('key-before-00'))).toBe(500);
  const { id: _, ...terms } = partner('alfa', { commissionRateBps: 900 });
  const operator = { authorization: `Bearer ${core.config.OPERATOR_TOKEN}`, 'content-type': 'application/json' };
  const put = { method: 'PUT', headers: operator, body: JSON.stringify(terms) };
  expect((await core.app.request('/v1/partners/alfa', put)).status).toBe(200);
  expect(rateOf(await sell('key-set-here-0'))).toBe(900);
  await core.ctx.db.update(partners).set({ commissionRateBps: 1_200 });
  core.advance(1_000);
  expect(rateOf(await sell('key-set-there0'))).toBe(1_200);
});

test('what edge asks of a partner is answered by the database, not from memory', async () => {
  await core.call('/v1/policies/msk-none', { by: 'alfa' });
  await core.ctx.db.update(partners).set({ limitPerSecond: 77 });
  const answer = await core.call('/internal/partners/alfa');
  expect(await answer.json()).toMatchObject({ limitPerSecond: 77 });
});
