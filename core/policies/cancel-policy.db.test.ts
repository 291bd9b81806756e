import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rub, shareOf } from '#contracts/money.ts';
import { Policy } from '#contracts/policy.ts';
import { createTestCore, HOLDER, NOW, type TestCore, tariff } from '../core.testing.ts';
import { findPolicy } from './find-policy.ts';
import { ALFA, BETA, createSales, ISSUED, REASON, TRACEPARENT, UUID } from './policies.testing.ts';
import { clawback } from './refund.ts';

const DAY_MS = 86_400_000;

let core: TestCore;
let sales: ReturnType<typeof createSales>;
beforeAll(async () => {
  core = await createTestCore();
  sales = createSales(core);
});
beforeEach(async () => {
  await core.admin`truncate core.policies, core.outbox, core.tariffs, core.insurers`;
  core.clock.at = new Date(NOW);
  await core.consume(tariff('volga', { baseMinor: 500_000 }));
});
afterAll(() => core[Symbol.asyncDispose]());

const sell: typeof sales.sell = (options) => sales.sell(options);
const cancel: typeof sales.cancel = (id, options) => sales.cancel(id, options);
const events = () => sales.events();
const typesOf = () => sales.typesOf();
const statusOf = async (id: string) => (await findPolicy(core.ctx, 'alfa', id)).status;

describe('a cancellation', () => {
  test('D9 cancelPolicy gives the whole premium back before cover has begun, and says so wherever the policy is read', async () => {
    const { policy } = await sell();
    core.advance(60_000);
    const { policy: cancelled, replayed } = await cancel(policy.id);
    expect(replayed).toBe(false);
    expect(Policy.parse(cancelled)).toEqual({
      ...policy,
      status: 'cancelled',
      cancelledAt: '2026-11-22T10:01:00.000Z',
      refund: policy.premium,
    });
    expect(JSON.stringify(await findPolicy(core.ctx, 'alfa', policy.id))).toBe(JSON.stringify(cancelled));
  });

  test('S3.2 cancelPolicy writes policy and event in one commit, the event behind that of the issue, and pokes the relay once', async () => {
    const { policy } = await sell();
    const pokes = core.pokes();
    core.advance(10 * DAY_MS);
    const { policy: cancelled } = await cancel(policy.id);
    expect(core.pokes() - pokes).toBe(1);
    const [xids] = await core.admin`select p.xmin::text as policy, o.xmin::text as event
      from core.policies p join core.outbox o on o.type = 'policy.cancelled.v1'`;
    expect(xids?.['event']).toBe(xids?.['policy']);
    const premiumMinor = policy.premium.amountMinor;
    const refundMinor = Math.floor((premiumMinor * 355 * 77) / 36_500 + 0.5);
    const [first, second, ...others] = await events();
    expect([first?.aggregateVersion, others]).toEqual([1, []]);
    expect(second).toMatchObject({
      type: 'policy.cancelled.v1',
      aggregateId: policy.id,
      aggregateVersion: 2,
      partition: first?.partition,
      occurredAt: '2026-12-02T10:00:00.000Z',
      traceparent: TRACEPARENT,
    });
    const back = (rateBps: number) => rub(clawback(shareOf(premiumMinor, rateBps), { refundMinor, premiumMinor }));
    expect(second?.data).toEqual({
      policyId: policy.id,
      number: policy.number,
      insurer: 'volga',
      product: 'osago',
      tariffVersion: 1,
      issuedAt: NOW,
      cancelledAt: '2026-12-02T10:00:00.000Z',
      startsOn: '2026-11-23',
      endsOn: '2027-11-22',
      premium: policy.premium,
      refund: rub(refundMinor),
      commission: { rateBps: 1_500, amount: back(1_500) },
      partner: { id: 'alfa', commission: { rateBps: 500, amount: back(500) } },
    });
    expect(cancelled.refund).toEqual(rub(refundMinor));
  });

  test('D9 takes back what was agreed when the policy was sold, not what is agreed now', async () => {
    const { policy } = await sell();
    await core.consume(tariff('volga', { version: 2, commissionRateBps: 3_000, baseMinor: 500_000 }));
    await cancel(policy.id, { by: { ...ALFA, commissionRateBps: 900 } });
    const { data } = (await events())[1] ?? {};
    expect(data?.commission).toEqual({ rateBps: 1_500, amount: rub(shareOf(policy.premium.amountMinor, 1_500)) });
    expect(data?.partner.commission).toEqual({ rateBps: 500, amount: policy.commission });
  });

  test('D9 of a policy that the release before issued takes back the commission of the version sold', async () => {
    const { policy } = await sell();
    await core.admin`update core.policies set commission_rate_bps = null, partner_commission_rate_bps = null`;
    await core.consume(tariff('volga', { version: 2, commissionRateBps: 3_000, baseMinor: 500_000 }));
    await cancel(policy.id);
    const { data } = (await events())[1] ?? {};
    expect(data?.commission).toEqual({ rateBps: 1_500, amount: rub(shareOf(policy.premium.amountMinor, 1_500)) });
    expect(data?.partner.commission.amount).toEqual(policy.commission);
  });

  test('is never before the issue, although this clock is behind that of the replica that issued', async () => {
    const { policy } = await sell();
    core.advance(-1_500);
    expect((await cancel(policy.id)).policy.cancelledAt).toBe(policy.issuedAt);
  });

  test('nothing of the reason or the holder is in the event, the log or the answer', async () => {
    const { policy } = await sell();
    const answer = await cancel(policy.id);
    const rows = await core.admin`select * from core.outbox`;
    const said = JSON.stringify([rows, core.logged, answer, await findPolicy(core.ctx, 'alfa', policy.id)]);
    for (const value of [REASON, ...Object.values(HOLDER)]) expect(said).not.toContain(value);
    const [row] = await core.admin`select cancel_reason from core.policies`;
    expect(row?.['cancel_reason']).toBe(REASON);
  });

  test('S3.2 is not, when its event cannot be written', async () => {
    const { policy } = await sell();
    await core.admin`alter table core.outbox add constraint broken check (aggregate_version < 2)`;
    await expect(cancel(policy.id)).rejects.toThrow(/broken/);
    expect([await statusOf(policy.id), await typesOf()]).toEqual(['issued', [ISSUED]]);
    await core.admin`alter table core.outbox drop constraint broken`;
    expect((await cancel(policy.id)).replayed).toBe(false);
  });
});

describe('a refusal writes nothing', () => {
  test('of a policy whose last day has come: policy-ended', async () => {
    const { policy } = await sell();
    core.clock.at = new Date('2027-11-21T21:00:00.000Z');
    await expect(cancel(policy.id)).rejects.toMatchObject({ slug: 'policy-ended' });
    expect([await statusOf(policy.id), await typesOf()]).toEqual(['issued', [ISSUED]]);
    core.clock.at = new Date('2027-11-21T20:59:59.999Z');
    expect((await cancel(policy.id)).policy.status).toBe('cancelled');
  });

  test("of another partner's policy and of one that is not there: not-found", async () => {
    const { policy } = await sell();
    for (const [id, by] of [
      [policy.id, BETA],
      [`msk-${UUID}`, ALFA],
      ['msk-1', ALFA],
      [`msk-${UUID}\0`, ALFA],
    ] as const)
      await expect(cancel(id, { by })).rejects.toMatchObject({ slug: 'not-found' });
    expect(await typesOf()).toEqual([ISSUED]);
  });

  test("S1 of another region's policy: wrong-region with its home", async () => {
    await expect(cancel(`nsk-${UUID}`)).rejects.toMatchObject({
      slug: 'wrong-region',
      extras: { home: 'https://nsk.example' },
    });
  });
});

test('a policy row is cancelled whole or not at all', async () => {
  await sell();
  for (const change of [
    core.admin`status = 'cancelled'`,
    core.admin`cancelled_at = now()`,
    core.admin`status = 'cancelled', cancelled_at = now(), cancel_key = 'k', cancel_digest = 'd', refund_minor = 1`,
    core.admin`status = 'other'`,
  ])
    await expect(core.admin`update core.policies set ${change}`).rejects.toThrow(/policies_cancelled_whole/);
  await expect(
    core.admin`update core.policies set status = 'cancelled', cancelled_at = now(), cancel_key = 'k',
      cancel_digest = 'd', cancel_reason = 'r', refund_minor = premium_minor + 1`,
  ).rejects.toThrow(/policies_refund_within_premium/);
});
