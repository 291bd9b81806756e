import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

test('terms that the operator sets are in force here with the next sale, those set elsewhere within a second', async () => {
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

test('D6 shares of a limit that add up to more than all of it are refused and change nothing; without them none are kept', async () => {
  const { id: _, ...terms } = partner('alfa');
  const operator = { authorization: `Bearer ${core.config.OPERATOR_TOKEN}`, 'content-type': 'application/json' };
  const put = async (limitShares: unknown) => {
    const body = JSON.stringify({ ...terms, limitShares });
    const answer = await core.app.request('/v1/partners/alfa', { method: 'PUT', headers: operator, body });
    return [answer.status, (await answer.json()) as { limitShares?: object; errors?: object[] }] as const;
  };
  const asked = async () =>
    ((await (await core.call('/internal/partners/alfa')).json()) as { limitShares?: object }).limitShares;
  const halves = { msk: 50, nsk: 50 };
  expect(await put(halves)).toMatchObject([200, { limitShares: halves }]);
  expect(await asked()).toEqual(halves);
  const [status, { errors }] = await put({ msk: 50, nsk: 51 });
  expect([status, errors]).toEqual([400, [{ field: 'limitShares', message: 'must add up to 100 or less' }]]);
  for (const wrong of [{ msk: 101 }, { msk: -1 }, { msk: 0.5 }, { MSK: 1 }, [50, 50]])
    expect((await put(wrong))[0]).toBe(400);
  expect(await asked()).toEqual(halves);
  expect((await put(undefined))[0]).toBe(200);
  expect(await asked()).toBeUndefined();
});

describe('If-Match', () => {
  const { id: _, ...terms } = partner('delta', { limitShares: { nsk: 30, msk: 70 } });
  const headers = () => ({
    authorization: `Bearer ${core.config.OPERATOR_TOKEN}`,
    'content-type': 'application/json',
  });
  const read = () => core.app.request('/v1/partners/delta', { headers: headers() });
  const put = (limitPerSecond: number, ifMatch?: string) =>
    core.app.request('/v1/partners/delta', {
      method: 'PUT',
      headers: { ...headers(), ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
      body: JSON.stringify({ ...terms, limitPerSecond }),
    });
  const limit = async () => ((await (await read()).json()) as { limitPerSecond: number }).limitPerSecond;

  test('terms that were changed since they were read are 412 and stay as they are', async () => {
    const set = await put(1);
    const version = (await read()).headers.get('etag') ?? '';
    expect(version).toBe(set.headers.get('etag'));
    expect((await put(2, version)).status).toBe(200);
    const refused = await put(3, version);
    expect([refused.status, await refused.json()]).toEqual([
      412,
      expect.objectContaining({ type: expect.stringMatching(/\/precondition-failed$/) }),
    ]);
    expect(await limit()).toBe(2);
    expect((await put(4, `"other", ${(await read()).headers.get('etag')}`)).status).toBe(200);
    expect((await put(5)).status).toBe(200);
  });

  test('of two who read the same terms and change them at once, the second is refused', async () => {
    await put(10);
    const version = (await read()).headers.get('etag') ?? '';
    let second: Promise<Response> | undefined;
    await core.admin.begin(async (tx) => {
      await tx`update core.partners set limit_per_second = 11 where id = 'delta'`;
      second = Promise.resolve(put(12, version));
      const waiting = () => tx`select from pg_locks where transactionid = pg_current_xact_id()::xid and not granted`;
      await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
    });
    expect([(await second)?.status, await limit()]).toEqual([412, 11]);
  });

  test('no partner is made by whoever says that it is there', async () => {
    await core.admin`delete from core.partners where id = 'delta'`;
    expect((await put(1, '*')).status).toBe(412);
    expect((await read()).status).toBe(404);
  });
});
