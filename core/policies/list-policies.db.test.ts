import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Policies } from '#contracts/policy.ts';
import { createTestCore, NOW, partner, type TestCore, tariff } from '../core.testing.ts';
import { findPolicy } from './find-policy.ts';
import { listPolicies } from './list-policies.ts';
import { createSales } from './policies.testing.ts';

let core: TestCore;
let sales: ReturnType<typeof createSales>;
beforeAll(async () => {
  core = await createTestCore();
  sales = createSales(core);
  await core.consume(tariff('volga'));
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox`;
  core.clock.at = new Date(NOW);
});
afterAll(() => core[Symbol.asyncDispose]());

/** A policy issued a millisecond after the one before. */
async function sell(by = 'alfa') {
  core.advance(1);
  return (await sales.sell({ by: partner(by) })).policy;
}
async function sellMany(count: number, by = 'alfa') {
  const sold = [];
  for (let n = 0; n < count; n += 1) sold.push(await sell(by));
  return sold;
}

const list = async (input: { limit?: number; cursor?: string } = {}) =>
  Policies.parse(await listPolicies(core.ctx, { partnerId: 'alfa', ...input }));

/** All ids, page by page; `between` happens after each page. */
async function idsOf(limit: number, between: (page: number) => unknown = () => undefined) {
  const ids: string[] = [];
  for (let page = 1, cursor: string | undefined; ; page += 1) {
    const { items, nextCursor } = await list({ limit, ...(cursor && { cursor }) });
    ids.push(...items.map(({ id }) => id));
    if (!nextCursor) return ids;
    expect(items).toHaveLength(limit);
    await between(page);
    cursor = nextCursor;
  }
}
const newestFirst = (policies: readonly { id: string }[]) => policies.map(({ id }) => id).toReversed();

describe('listPolicies', () => {
  test('answers newest first, 20 unless told otherwise, and what findPolicy answers of each', async () => {
    const sold = await sellMany(21);
    const [, second] = sold;
    await sales.cancel(second?.id ?? '');
    const page = await list();
    expect(page.items.map(({ id }) => id)).toEqual(newestFirst(sold.slice(1)));
    for (const item of page.items) expect(item).toEqual(await findPolicy(core.ctx, 'alfa', item.id));
    expect(page.items.at(-1)?.status).toBe('cancelled');
    expect(JSON.stringify(page)).not.toMatch(/canary/i);
    expect((await list({ cursor: page.nextCursor ?? '' })).items.map(({ id }) => id)).toEqual([sold[0]?.id]);
  });

  test('has no nextCursor on the last page, which may be full, and is empty for a partner without policies', async () => {
    expect(await list()).toEqual({ items: [] });
    const sold = await sellMany(4);
    expect(await idsOf(2)).toEqual(newestFirst(sold));
    expect(await list({ limit: 4 })).not.toHaveProperty('nextCursor');
  });

  test("never has another partner's policies, whatever cursor it goes on from", async () => {
    const alfas = [await sell(), await sell()];
    await sellMany(3, 'beta');
    alfas.push(await sell());
    const betas = await listPolicies(core.ctx, { partnerId: 'beta', limit: 1 });
    expect(await idsOf(1)).toEqual(newestFirst(alfas));
    const { items } = await list({ cursor: betas.nextCursor ?? '' });
    expect(items.map(({ id }) => id)).toEqual(newestFirst(alfas.slice(0, 2)));
  });

  test('comes to every policy that was there at its beginning exactly once, however many are issued meanwhile', async () => {
    const before = await sellMany(23);
    const ids = await idsOf(5, () => Promise.all([sell(), sell(), sell()]));
    expect(ids).toEqual(newestFirst(before));
  });

  test('has each policy once for any number of them and any size of page', { timeout: 60_000 }, async () => {
    const sold = await sellMany(40);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (limit) => {
        expect(await idsOf(limit)).toEqual(newestFirst(sold));
      }),
      { numRuns: 30 },
    );
  });

  test('finds a page by an index that holds the order, not by sorting', async () => {
    await sellMany(2);
    const rows = await core.admin.begin(async (tx) => {
      await tx`set local enable_seqscan = off`;
      return tx`explain select * from core.policies
        where partner_id = 'alfa' and id < 'msk-ff' order by id desc limit 21`;
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan Backward using policies_of_partner');
    expect(plan).not.toContain('Sort');
  });
});

describe('a cursor', () => {
  const refused = async (cursor: string) =>
    expect(list({ cursor })).rejects.toMatchObject({
      slug: 'invalid-request',
      extras: { errors: [{ field: 'cursor', message: expect.stringContaining('nextCursor') }] },
    });

  test.each(['', ' ', 'x', '\0', 'msk-1', '€', 'A'.repeat(22), 'a'.repeat(10_000), "' or true --"])(
    '"%s" was not given out and is refused by its name',
    (cursor) => refused(cursor),
  );

  test('with anything about it changed that makes it no cursor is refused', async () => {
    await sellMany(2);
    const { nextCursor = '' } = await list({ limit: 1 });
    for (const cursor of [`${nextCursor}=`, ` ${nextCursor}`, `${nextCursor}A`, nextCursor.slice(1)])
      await refused(cursor);
    const last = nextCursor.at(-1) === 'B' ? 'C' : 'B';
    await refused(nextCursor.slice(0, -1) + last);
  });

  test('any other text never fails but by refusal', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), async (cursor) => {
        const answer = await list({ cursor }).catch((error: { slug: string }) => error);
        expect('slug' in answer ? answer.slug : 'invalid-request').toBe('invalid-request');
      }),
    );
  });
});
