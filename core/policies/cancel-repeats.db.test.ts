import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestCore, NOW, type TestCore, tariff } from '../core.testing.ts';
import { findPolicy } from './find-policy.ts';
import { issuePolicy } from './issue-policy.ts';
import { BETA, CANCELLED, createSales, ISSUED, UUID } from './policies.testing.ts';

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
const typesOf = () => sales.typesOf();
const statusOf = async (id: string) => (await findPolicy(core.ctx, 'alfa', id)).status;

describe('a repeat', () => {
  test('S3.2 gets the first answer byte for byte, also when no day of cover is left, and writes nothing', async () => {
    const { policy } = await sell();
    const first = await cancel(policy.id);
    core.advance(400 * DAY_MS);
    const again = await cancel(policy.id);
    expect(again.replayed).toBe(true);
    expect(JSON.stringify(again.policy)).toBe(JSON.stringify(first.policy));
    expect(await typesOf()).toEqual([ISSUED, CANCELLED]);
  });

  test('under another key, with another reason, gets the same answer too', async () => {
    const { policy } = await sell();
    const first = await cancel(policy.id);
    core.advance(20 * DAY_MS);
    expect(await cancel(policy.id, { key: 'key-cancel-2', reason: 'Another' })).toEqual({ ...first, replayed: true });
    expect(await typesOf()).toEqual([ISSUED, CANCELLED]);
  });

  test('with the key and another reason is refused with idempotency-key-reused', async () => {
    const { policy } = await sell();
    await cancel(policy.id);
    await expect(cancel(policy.id, { reason: 'Another' })).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
    expect(await typesOf()).toEqual([ISSUED, CANCELLED]);
  });

  test('with the key for another policy is refused with idempotency-key-reused, whether that one is cancelled, issued or not there', async () => {
    const [one, two, three] = [await sell(), await sell(), await sell()];
    await cancel(one.policy.id);
    await cancel(two.policy.id, { key: 'key-cancel-2' });
    for (const id of [two.policy.id, three.policy.id, `msk-${UUID}`])
      await expect(cancel(id)).rejects.toMatchObject({ slug: 'idempotency-key-reused' });
    expect(await statusOf(three.policy.id)).toBe('issued');
  });

  test('a key stands for one issue and, apart from that, for one cancellation, of each partner', async () => {
    const { policy, input } = await sell();
    const betas = await sell({ by: BETA });
    expect((await cancel(policy.id, { key: input.idempotencyKey })).replayed).toBe(false);
    expect((await cancel(betas.policy.id, { by: BETA, key: input.idempotencyKey })).replayed).toBe(false);
  });

  test('S3.2 of the issue gets its first answer byte for byte, though the policy is cancelled since', async () => {
    const { policy, input } = await sell();
    await cancel(policy.id);
    const again = await issuePolicy(core.ctx, input);
    expect([again.replayed, JSON.stringify(again.policy)]).toEqual([true, JSON.stringify(policy)]);
  });
});

describe('at once', () => {
  test('200 cancellations under one key make one event, and all get the same answer', async () => {
    const { policy } = await sell();
    const pokes = core.pokes();
    const answers = await Promise.all(Array.from({ length: 200 }, () => cancel(policy.id)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.policy))).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect([await typesOf(), core.pokes() - pokes]).toEqual([[ISSUED, CANCELLED], 1]);
  });

  test('40 under different keys, half of them a fortnight later, make one event and one answer', async () => {
    const { policy } = await sell();
    const later = { ...core.ctx, now: () => new Date(Date.parse(NOW) + 20 * DAY_MS) };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        cancel(policy.id, { ctx: n % 2 ? later : core.ctx, key: `key-at-once-${n}`, reason: `Reason ${n}` }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.policy))).size).toBe(1);
    const [, event, ...others] = await sales.events();
    expect([others, event?.type === 'policy.cancelled.v1' && event.data.refund]).toEqual([
      [],
      answers[0]?.policy.refund,
    ]);
  });

  test('one key for 20 policies cancels one of them, and is refused for the others', async () => {
    const sold = await Promise.all(Array.from({ length: 20 }, () => sell()));
    const outcomes = await Promise.allSettled(sold.map(({ policy }) => cancel(policy.id)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.slug : []));
    expect(refused).toEqual(Array.from({ length: 19 }, () => 'idempotency-key-reused'));
    expect((await typesOf()).filter((type) => type === CANCELLED)).toHaveLength(1);
  });
});
