import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DayClosedEvent, PolicyEvent } from '#contracts/events.ts';
import { rub } from '#contracts/money.ts';
import { Reconciliation } from '#contracts/reconciliation.ts';
import { dayClosed } from '../day-closed.testing.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { handleTwice } from '../intake/handle-twice.testing.ts';
import {
  batchOf,
  cancelled,
  createTestContext,
  issued,
  policyIdOf,
  readBooks,
  readPosition,
  uuidOf,
} from '../testing.ts';
import { checkDays } from './check-days.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
});
beforeEach(() => room.reset());
afterAll(() => room[Symbol.asyncDispose]());

const get = (period: string) => room.operate(`/v1/reconciliation?period=${period}`);
const reconciled = async (period = '2026-11') => Reconciliation.parse(await (await get(period)).json());
const handle = (...messages: (PolicyEvent | DayClosedEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages));
const gauge = async () => {
  const metric = await room.registry.getSingleMetric('settlement_reconciliation_differences')?.get();
  return metric?.values[0]?.value;
};
const at = (time: string) => {
  room.clock.at = new Date(time);
};

/** Issued at noon of a day of November; of volga when even. */
const sold = (n: number, sequence: number, day = '22', data: object = {}) =>
  issued(n, sequence, { data: { issuedAt: `2026-11-${day}T09:00:00.000Z`, ...data } });
const undone = (n: number, sequence: number, day = '22', data: object = {}) =>
  cancelled(n, sequence, {
    data: { issuedAt: '2026-11-22T09:00:00.000Z', cancelledAt: `2026-11-${day}T10:00:00.000Z`, ...data },
  });

describe('D9 reconciliation', () => {
  test('shows no difference when core, ledger and register agree, and the totals of all three', async () => {
    const [volga, ural] = [[sold(2, 1), sold(4, 2)], [sold(1, 3)]];
    const back = undone(2, 4, '23');
    await handle(
      ...volga,
      ...ural,
      back,
      dayClosed('2026-11-22', 5, [
        { insurer: 'ural', issued: ural },
        { insurer: 'volga', issued: volga },
      ]),
      dayClosed('2026-11-23', 6, [{ insurer: 'volga', issued: [], cancelled: [back] }]),
    );
    at('2026-11-24T02:00:00.000Z');
    const premium = rub(100_014 + 100_028 + 100_007 - 50_006);
    const commission = rub(15_002 + 15_004 + 15_001 - 7_501);
    const total = { issued: 3, cancelled: 1, premium, commission };
    expect(await reconciled()).toEqual({
      period: '2026-11',
      daysClosed: 2,
      differences: [],
      totals: { core: total, ledger: total, register: total },
    });
    expect(await checkDays(room.ctx)).toBe(2);
    expect(await gauge()).toBe(0);
  });

  test('names each policy that is missing, unknown or of other amounts, and the dead letter that holds its event', async () => {
    const told = [sold(2, 1), sold(4, 2), sold(6, 3), sold(8, 4)];
    const back = undone(2, 5);
    // 4 is of another amount in core's words, 6 is poison, 8 never comes, and 10 core does not know of.
    const other = {
      ...sold(4, 2, '22', { premium: rub(90_000), commission: { rateBps: 1_500, amount: rub(13_500) } }),
    };
    await handle(
      sold(2, 1),
      sold(4, 2),
      { ...sold(6, 3), data: { ...sold(6, 3).data, number: '' } },
      sold(10, 4),
      back,
      dayClosed('2026-11-22', 6, [{ insurer: 'volga', issued: [told[0], other, told[2], told[3]] as PolicyEvent[] }]),
    );
    const { differences } = await reconciled();
    expect(
      differences
        .map(({ kind, policyId, operation, core, ledger }) => [
          kind,
          policyId,
          operation,
          core?.premium.amountMinor,
          ledger?.premium.amountMinor,
        ])
        .toSorted(),
    ).toEqual(
      [
        ['unknown', policyIdOf(2), 'cancelled', undefined, 50_006],
        ['amounts', policyIdOf(4), 'issued', 90_000, 100_028],
        ['missing', policyIdOf(6), 'issued', 100_042, undefined],
        ['missing', policyIdOf(8), 'issued', 100_056, undefined],
        ['unknown', policyIdOf(10), 'issued', undefined, 100_070],
      ].toSorted(),
    );
    const [letter] = await room.ctx.sql`select id::text as id from settlement.dead_letters`;
    const parked = differences.find(({ policyId }) => policyId === policyIdOf(6));
    expect(parked).toMatchObject({ deadLetter: letter?.['id'], day: '2026-11-22', insurer: 'volga' });
    expect(await checkDays(room.ctx)).toBe(1);
    expect(await gauge()).toBe(1);
  });

  test('a difference is looked at again until it is gone, and a new revision of a day takes the place of the first', async () => {
    const late = sold(4, 3);
    await handle(sold(2, 1), dayClosed('2026-11-22', 2, [{ insurer: 'volga', issued: [sold(2, 1)] }]), late);
    await checkDays(room.ctx);
    expect(await gauge()).toBe(1);
    expect((await reconciled()).differences).toMatchObject([{ kind: 'unknown', policyId: policyIdOf(4) }]);
    await handle(dayClosed('2026-11-22', 4, [{ insurer: 'volga', issued: [sold(2, 1), late] }], { revision: 2 }));
    await checkDays(room.ctx);
    expect(await gauge()).toBe(0);
    expect(await reconciled()).toMatchObject({ differences: [], daysClosed: 1, totals: { core: { issued: 2 } } });
  });

  test('a day that agreed is looked at again: what is booked late does not go unseen', async () => {
    await handle(sold(2, 1), dayClosed('2026-11-22', 2, [{ insurer: 'volga', issued: [sold(2, 1)] }]));
    at('2026-11-23T00:00:00.000Z');
    await checkDays(room.ctx);
    expect([await gauge(), await checkDays(room.ctx)]).toEqual([0, 0]);
    await handle(sold(4, 3));
    at('2026-11-23T01:00:00.001Z');
    await checkDays(room.ctx);
    expect(await gauge()).toBe(1);
  });

  test('the last event of a partition that was lost, after which no gap can show, is missing on its day', async () => {
    await handle(sold(2, 1));
    // Number 2 is gone, and nothing follows in this partition; the day's end comes in another.
    const day = dayClosed('2026-11-22', 1, [{ insurer: 'volga', issued: [sold(2, 1), sold(4, 2)] }]);
    await handleTwice(room.ctx, { ...batchOf({ ...day, partition: 7 }), partition: 7 });
    expect(await readPosition(room.ctx)).toBe('1/1+0');
    expect((await reconciled()).differences).toMatchObject([{ kind: 'missing', policyId: policyIdOf(4) }]);
  });

  test('days that core should have told are named, days that are still to come are not', async () => {
    await handle(dayClosed('2026-11-22', 1, []), dayClosed('2026-11-24', 2, []));
    at('2026-11-25T21:59:59.999Z');
    expect((await reconciled()).differences.map(({ kind, day }) => [kind, day])).toEqual([['not-told', '2026-11-23']]);
    at('2026-11-25T22:00:00.000Z');
    expect((await reconciled()).differences.map(({ day }) => day)).toEqual(['2026-11-23', '2026-11-25']);
    expect((await reconciled('2026-10')).differences).toEqual([]);
  });

  test('a register that does not say what the ledger says is told policy by policy', async () => {
    const all = [sold(2, 1), sold(4, 2), sold(6, 3)];
    await handle(...all, dayClosed('2026-11-22', 4, [{ insurer: 'volga', issued: all }]));
    await room.admin.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`update settlement.register_lines set premium_minor = 1 where policy_id = ${policyIdOf(2)}`;
      await tx`delete from settlement.register_lines where policy_id = ${policyIdOf(4)}`;
      await tx`update settlement.register_lines set event_id = ${uuidOf('other')} where policy_id = ${policyIdOf(6)}`;
    });
    const { differences, totals } = await reconciled();
    const said = differences.map(({ kind, policyId, detail }) => `${kind} ${policyId} ${detail}`);
    expect(said.toSorted()).toEqual(
      [
        `register ${policyIdOf(2)} the register has other amounts than the ledger`,
        `register ${policyIdOf(4)} booked, and in no register`,
        `register ${policyIdOf(6)} booked, and in no register`,
        `register ${policyIdOf(6)} in the register, and not booked`,
      ].toSorted(),
    );
    expect(totals.ledger).toEqual(totals.core);
    expect(totals.register.issued).toBe(2);
  });

  test('late events, told in the register of another month, still belong to their own day', async () => {
    await handle(sold(2, 1));
    await room.admin`insert into settlement.register_closings (insurer, period, status, closed_at, closed_by, findings)
      values ('volga', '2026-11', 'closing', now(), 'test', '{}')`;
    const late = sold(4, 2);
    await handle(late, dayClosed('2026-11-22', 3, [{ insurer: 'volga', issued: [sold(2, 1), late] }]));
    expect(await reconciled()).toMatchObject({ differences: [], totals: { register: { issued: 2 } } });
    expect((await reconciled('2026-12')).totals.register.issued).toBe(0);
  });

  test('more differences than can be named are told as that, with what the three sides say', async () => {
    const all = Array.from({ length: 300 }, (_, n) => sold(2 * n + 2, n + 1));
    await handle(dayClosed('2026-11-22', 1, [{ insurer: 'volga', issued: all }]));
    const { differences } = await reconciled();
    expect(differences.at(-1)).toMatchObject({
      kind: 'uncounted',
      detail: expect.stringMatching(
        /^not all can be named; core: 300 issued \(\d+ kopecks\), 0 cancelled \(0\); ledger: 0 issued/,
      ),
    });
  });

  test('a cancellation of nothing counts, and is named when it is missing', async () => {
    const nothing = {
      refund: rub(0),
      commission: { rateBps: 1_500, amount: rub(0) },
      partner: { id: 'alfa', commission: { rateBps: 500, amount: rub(0) } },
    };
    const back = undone(2, 2, '22', nothing);
    await handle(sold(2, 1), back);
    const day = { insurer: 'volga', issued: [sold(2, 1)] };
    await handle(dayClosed('2026-11-22', 3, [{ ...day, cancelled: [back] }]));
    expect(await reconciled()).toMatchObject({ differences: [], totals: { ledger: { cancelled: 1 } } });
    await handle(dayClosed('2026-11-22', 4, [day], { revision: 2 }));
    expect((await reconciled()).differences).toMatchObject([
      { kind: 'unknown', operation: 'cancelled', ledger: { premium: rub(0) } },
    ]);
  });

  test('moments at the ends of a day of Moscow, a leap day and a year belong to their own day on all sides', async () => {
    const times: [string, string][] = [
      ['2028-02-28T20:59:59.999Z', '2028-02-28'],
      ['2028-02-28T21:00:00.000Z', '2028-02-29'],
      ['2028-02-29T20:59:59.999Z', '2028-02-29'],
      ['2028-02-29T21:00:00.000Z', '2028-03-01'],
      ['2027-12-31T20:59:59.999Z', '2027-12-31'],
      ['2027-12-31T21:00:00.000Z', '2028-01-01'],
    ];
    const events = times.map(([issuedAt], n) => issued(2 * n + 2, n + 1, { data: { issuedAt } }));
    const days = [...new Set(times.map(([, day]) => day))].map((day, n) =>
      dayClosed(day, times.length + n + 1, [
        { insurer: 'volga', issued: events.filter((_, i) => times[i]?.[1] === day) },
      ]),
    );
    await handle(...events, ...days);
    at('2028-04-01T00:00:00.000Z');
    for (const [period, count] of [
      ['2027-12', 1],
      ['2028-01', 1],
      ['2028-02', 3],
      ['2028-03', 1],
    ] as const) {
      const { differences, totals } = await reconciled(period);
      expect(differences.filter(({ kind }) => kind !== 'not-told')).toEqual([]);
      expect([totals.core.issued, totals.ledger.issued, totals.register.issued]).toEqual([count, count, count]);
    }
  });

  test.each(['', '?period=2026-13', '?period=2026', '?period=2026-11&insurer=volga'])(
    'GET /v1/reconciliation%s is refused with 400',
    async (query) => {
      const answer = await room.operate(`/v1/reconciliation${query}`);
      expect(answer.status).toBe(400);
    },
  );
});

describe('S3.2 the end of a day on its way', () => {
  test('is noted once, moves the position, and books nothing', async () => {
    await handle(sold(2, 1), dayClosed('2026-11-22', 2, []), sold(4, 3));
    expect(await room.ctx.sql`select day::text as day, revision from settlement.core_days`).toEqual([
      { day: '2026-11-22', revision: 1 },
    ]);
    expect((await readBooks(room.ctx)).transactions).toHaveLength(2);
    expect(await readPosition(room.ctx)).toBe('1/3+0');
    await handleBatch(room.ctx, batchOf(dayClosed('2026-11-22', 2, [], { epoch: 2 }), sold(6, 3)));
    expect(await room.ctx.sql`select from settlement.core_days`).toHaveLength(1);
  });

  test('told twice under one revision by another event is parked, and what follows goes on', async () => {
    await handle(
      dayClosed('2026-11-22', 1, []),
      { ...dayClosed('2026-11-22', 2, []), eventId: uuidOf('again') },
      sold(2, 3),
    );
    const { parked, transactions } = await readBooks(room.ctx);
    expect(parked.map((row) => row['reason'])).toEqual(['told-twice']);
    expect(transactions).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['of another aggregate', { aggregateId: 'msk-day-2026-11-21' }],
    ['of another century', { aggregateId: 'msk-day-1999-11-22', data: { day: '1999-11-22', insurers: [] } }],
    [
      'with an insurer twice',
      {
        data: {
          day: '2026-11-22',
          insurers: ['volga', 'volga'].map(
            (insurer) => dayClosed('2026-11-22', 1, [{ insurer, issued: [] }]).data.insurers[0],
          ),
        },
      },
    ],
    [
      'with an amount below zero',
      {
        data: {
          day: '2026-11-22',
          insurers: [
            {
              ...dayClosed('2026-11-22', 1, [{ insurer: 'volga', issued: [] }]).data.insurers[0],
              issued: { count: 1, premium: rub(-1), commission: rub(0) },
            },
          ],
        },
      },
    ],
    ['with a revision no column holds', { aggregateVersion: 2 ** 31 }],
    ['without a day', { data: { insurers: [] } }],
    [
      'in another currency',
      {
        data: {
          day: '2026-11-22',
          insurers: [{ insurer: 'volga', issued: { count: 1, premium: { amountMinor: 1, currency: 'USD' } } }],
        },
      },
    ],
  ])('%s is parked as invalid', async (_, changes) => {
    await handle(JSON.stringify({ ...dayClosed('2026-11-22', 1, []), ...changes }), sold(2, 2));
    const { parked, transactions } = await readBooks(room.ctx);
    expect(parked.map((row) => row['reason'])).toEqual(['invalid-event']);
    expect(transactions).toHaveLength(1);
  });

  test('with a sketch that is none is compared by its sums, and says that it cannot name what differs', async () => {
    const day = dayClosed('2026-11-22', 1, [{ insurer: 'volga', issued: [sold(2, 9)] }]);
    const broken = {
      ...day,
      data: { ...day.data, insurers: day.data.insurers.map((one) => ({ ...one, sketch: 'AAAA' })) },
    };
    await handle(JSON.stringify(broken));
    expect((await reconciled()).differences).toMatchObject([{ kind: 'uncounted' }]);
  });
});
