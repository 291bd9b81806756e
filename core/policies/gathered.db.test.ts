import type { Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestCore, HOLDER, partner, query, type TestCore, tariff } from '../core.testing.ts';
import { requestQuote } from '../quotes/request-quote.ts';
import { issuePolicy } from './issue-policy.ts';
import { type Issue, insertPolicies } from './issue-statement.ts';

let core: TestCore;
let token: string;
beforeAll(async () => {
  core = await createTestCore();
  await core.addPartner(partner('alfa'));
  await core.consume(tariff('volga'));
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox`;
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  token = offer?.token ?? '';
});
afterAll(() => core[Symbol.asyncDispose]());

interface Sale {
  readonly key: string;
  readonly fullName?: string;
  readonly ctx?: TestCore['ctx'];
}
const issue = ({ key, fullName = HOLDER.fullName, ctx = core.ctx }: Sale) =>
  issuePolicy(ctx, {
    partner: partner('alfa'),
    idempotencyKey: `key-gathered-${key}`,
    request: { offer: token, holder: { ...HOLDER, fullName }, startsOn: '2026-11-23' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
const sales = (count: number) => Array.from({ length: count }, (_, n) => ({ key: String(n) }));

/** How many policies there are, and how many events each has. */
async function written() {
  const rows = await core.admin`select count(o.id)::int as events
    from core.policies p left join core.outbox o on o.aggregate_id = p.id group by p.id`;
  return { policies: rows.length, events: [...new Set(rows.map((row) => row['events']))] };
}

/** What a sale would write. */
async function rowOf(key: string): Promise<Issue> {
  const rows: Issue[] = [];
  const insertPolicy = async (row: Issue) => rows.push(row) === 1;
  await issue({ key, ctx: { ...core.ctx, insertPolicy } });
  return rows[0] as Issue;
}

describe('S3.2 sales that come at once', () => {
  test('go together, and each policy is in one commit with its own event', async () => {
    const answers = await Promise.all(sales(50).map(issue));
    const rows = await core.admin`select p.id, p.xmin::text as policy, o.xmin::text as event, o.data
      from core.policies p join core.outbox o on o.aggregate_id = p.id`;
    expect(rows).toHaveLength(50);
    for (const row of rows) {
      expect(row['event']).toBe(row['policy']);
      const { policy } = answers.find((answer) => answer.policy.id === row['id']) ?? {};
      expect(JSON.parse(row['data'])).toMatchObject({ policyId: policy?.id, number: policy?.number });
    }
    expect(new Set(rows.map((row) => row['policy'])).size).toBeLessThanOrEqual(4);
    expect(
      await core.admin`select distinct commission_rate_bps, partner_commission_rate_bps from core.policies`,
    ).toEqual([{ commission_rate_bps: 1_500, partner_commission_rate_bps: 500 }]);
  });

  test('with the same key and other bodies: one policy, its replays, and idempotency-key-reused for the others', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        issue({ key: 'same', fullName: n % 2 === 0 ? 'First Buyer' : 'Second Buyer' }).then(
          ({ policy, replayed }) => ({ id: policy.id, replayed }),
          (error) => error.slug,
        ),
      ),
    );
    const answered = outcomes.filter((outcome) => typeof outcome === 'object');
    expect(answered).toHaveLength(20);
    expect(answered.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answered.map(({ id }) => id)).size).toBe(1);
    expect(outcomes.filter((outcome) => outcome === 'idempotency-key-reused')).toHaveLength(20);
    expect(await written()).toEqual({ policies: 1, events: [1] });
  });

  test('one that Postgres refuses fails for itself, and its neighbours are issued', async () => {
    const bad = new Set([9, 10, 31]);
    const outcomes = await Promise.allSettled(
      sales(50).map((sale, n) => issue(bad.has(n) ? { ...sale, fullName: 'A name\u0000' } : sale)),
    );
    const failed = outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []));
    expect(failed).toEqual([...bad]);
    expect(await written()).toEqual({ policies: 47, events: [1] });
  });

  test('with keys that were used before among them: those are replayed, and no event is written for them', async () => {
    const before = await Promise.all(sales(10).map(issue));
    const answers = await Promise.all(sales(30).map(issue));
    expect(answers.slice(0, 10).map(({ policy }) => policy)).toEqual(before.map(({ policy }) => policy));
    expect(answers.map(({ replayed }) => replayed)).toEqual(answers.map((_, n) => n < 10));
    expect(await written()).toEqual({ policies: 30, events: [1] });
    expect(await core.admin`select count(*)::int as n from core.outbox`).toEqual([{ n: 30 }]);
  });

  test('of two replicas, the same keys in opposite orders, each behind another that is held: no deadlock', async () => {
    const rowsOf = (...keys: string[]) => Promise.all(keys.map(rowOf));
    const [here, there] = [await rowsOf('1', '2-here', '3'), await rowsOf('3', '2-there', '1')];
    const held = await rowsOf('2-here', '2-there');
    const { outcomes } = await core.admin.begin(async (tx) => {
      await insertPolicies(tx as unknown as Sql, held);
      const both = Promise.all([here, there].map((rows) => insertPolicies(core.ctx.sql, rows)));
      both.catch(() => undefined);
      await expect.poll(async () => (await waiting(tx as unknown as Sql)).length, { timeout: 10_000 }).toBe(2);
      return { outcomes: both };
    });
    // Held by neither any more: the two keys that both want were one's or the other's.
    const [first, second] = await outcomes;
    expect([first?.[1], second?.[1]]).toEqual([false, false]);
    expect([first?.[0], first?.[2]]).not.toEqual([second?.[2], second?.[0]]);
    expect(await written()).toEqual({ policies: 4, events: [1] });
  });
});

/** Connections of core that wait for a lock; `act` is what to do with each. */
const waiting = (admin: Sql, act = 'pid') =>
  admin.unsafe(`select ${act} from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and application_name = 'test'`);

test('D2 sales whose connection is cut get 503 and Retry-After; with their keys each is issued once', async () => {
  const sell = (n: number) =>
    core.call('/v1/policies', {
      method: 'POST',
      by: 'alfa',
      body: JSON.stringify({ offer: token, holder: HOLDER, startsOn: '2026-11-23' }),
      headers: { 'idempotency-key': `key-of-a-cut-${n}` },
    });
  // Numbers and partners are known from here on: all that is left is the statement.
  await sell(0);
  const places = Array.from({ length: 20 }, (_, n) => n + 1);
  const answers = await core.admin.begin(async (tx) => {
    await tx`lock table core.policies in access exclusive mode`;
    const asked = places.map(sell);
    let open = true;
    const all = Promise.all(asked).finally(() => {
      open = false;
    });
    await expect
      .poll(async () => (await waiting(tx as unknown as Sql, 'pg_terminate_backend(pid)')).length === 0 && !open, {
        timeout: 20_000,
      })
      .toBe(true);
    return all;
  });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(new Set(answers.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['2']));
  expect(await written()).toEqual({ policies: 1, events: [1] });
  const again = await Promise.all(places.map(sell));
  expect(new Set(again.map(({ status }) => status))).toEqual(new Set([201]));
  expect(await written()).toEqual({ policies: 21, events: [1] });
});
