import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compare } from '#platform/difference-sketch/compare.ts';
import type { Operation } from '#platform/difference-sketch/operation.ts';
import { createSketch, readSketch, type Sketch } from '#platform/difference-sketch/sketch.ts';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { moscowMidnight } from '#platform/moscow-time/moscow-midnight.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { createTestCore, HOLDER, NOW, type TestCore } from '../core.testing.ts';
import { REASON } from '../policies/policies.testing.ts';
import { addDays } from '../rating/parameters/starts-on.ts';
import { closeDays } from './close-days.ts';
import { createDays } from './day-closing.testing.ts';
import { observeToldDays } from './observe-told-days.ts';
import { operationsOf } from './read-operations.ts';

const HOUR_MS = 3_600_000;
const DUE_MS = 5 * 60_000;

let core: TestCore;
let days: ReturnType<typeof createDays>;
beforeAll(async () => {
  core = await createTestCore();
  days = createDays(core);
});
beforeEach(reset);
afterAll(() => core[Symbol.asyncDispose]());

async function reset() {
  await core.admin`truncate core.policies, core.outbox, core.told_days, core.tariffs, core.insurers`;
  core.clock.at = new Date(NOW);
  core.logged.length = 0;
}

/** Sets the clock to when a day is due, 00:05 of the next. */
const endOf = (day: string) => {
  core.clock.at = new Date(moscowMidnight(addDays(day, 1)).getTime() + DUE_MS);
};
const close = (day: string) => {
  endOf(day);
  return closeDays(core.ctx);
};
const dataOf = async (day: string) => (await days.toldDays()).filter(({ data }) => data.day === day).at(-1)?.data;

describe('what is told of a day', () => {
  const anyStep = fc.record({
    waitMs: fc.integer({ min: 1, max: 20 * HOUR_MS }),
    cancels: fc.option(fc.nat(9)),
    // Whether the rates it was sold at are not noted, as the release before left them.
    forgets: fc.boolean(),
    volga: fc.integer({ min: 139_900, max: 866_500 }),
    ural: fc.integer({ min: 139_900, max: 866_500 }),
    rateBps: fc.integer({ min: 0, max: 10_000 }),
  });

  test('D9 is exactly what the events of its policies say, insurer by insurer', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 12 }), async (steps) => {
      await reset();
      const sold: string[] = [];
      for (const { waitMs, cancels, forgets, ...terms } of steps) {
        core.advance(waitMs);
        const [id] = cancels === null ? [] : sold.splice(cancels, 1);
        if (id) await days.cancel(id);
        else sold.push((await days.sell(terms)).id);
        if (forgets)
          await core.admin`update core.policies set commission_rate_bps = null where id = ${sold.at(-1) ?? ''}`;
      }
      const last = moscowDate(core.clock.at);
      await close(last);
      const told = await days.toldDays();
      expect(told.at(-1)?.data.day).toBe(last);
      for (const { data } of told) expect(data).toEqual(await days.expected(data.day));
      const operations = told.flatMap(({ data }) =>
        data.insurers.map(({ issued, cancelled }) => issued.count + cancelled.count),
      );
      expect(operations.reduce((a, b) => a + b, 0)).toBe(steps.length);
    });
    await fc.assert(property, { numRuns: 10 });
  });

  test('D9 names, against what another side has, each policy that differs', async () => {
    const [kept, lost] = [await days.sell(), await days.sell()];
    await close('2026-11-22');
    const [told] = (await dataOf('2026-11-22'))?.insurers ?? [];
    const commissionMinor = (told?.issued.commission.amountMinor ?? 0) / 2;
    const of = ({ id, premium }: typeof kept): Operation => ({
      policyId: id,
      operation: 'issued',
      premiumMinor: premium.amountMinor,
      commissionMinor,
    });
    const other = createSketch();
    other.add(of(kept));
    const found = compare(readSketch(told?.sketch ?? '') as Sketch, other, { region: 'msk' });
    expect(found).toEqual({ onlyInFirst: [of(lost)], onlyInSecond: [], complete: true });
  });

  test.each([
    ['a day of a month', '2026-11-22'],
    ['the last of a year', '2026-12-31'],
    ['the day before a leap day', '2028-02-28'],
    ['a leap day', '2028-02-29'],
  ])('R3 begins and ends at midnight in Moscow, to the millisecond: %s', async (_, day) => {
    const midnight = moscowMidnight(day).getTime();
    const next = moscowMidnight(addDays(day, 1)).getTime();
    const sold = [];
    for (const at of [midnight - 1, midnight, next - 1, next]) {
      core.clock.at = new Date(at);
      sold.push(await days.sell());
    }
    // Of one sold before it and one sold on it, each at an edge.
    core.clock.at = new Date(next - 1);
    await days.cancel(sold[0]?.id ?? '');
    core.clock.at = new Date(next);
    await days.cancel(sold[1]?.id ?? '');
    await close(addDays(day, 1));
    expect(await days.told()).toEqual([`${addDays(day, -1)} 1`, `${day} 1`, `${addDays(day, 1)} 1`]);
    const counts = (await days.toldDays()).map(({ data: { insurers } }) => [
      insurers[0]?.issued.count,
      insurers[0]?.cancelled.count,
    ]);
    expect(counts).toEqual([
      [1, 0],
      [2, 1],
      [1, 1],
    ]);
    for (const { data } of await days.toldDays()) expect(data).toEqual(await days.expected(data.day));
  });

  test('has a cancellation that gives nothing back', async () => {
    const { id } = await days.sell();
    await days.cancel(id);
    await core.admin`update core.policies set refund_minor = 0`;
    await close('2026-11-22');
    const [told] = (await dataOf('2026-11-22'))?.insurers ?? [];
    const nothing = { amountMinor: 0, currency: 'RUB' };
    expect(told?.cancelled).toEqual({ count: 1, premium: nothing, commission: nothing });
    expect(told?.issued.count).toBe(1);
  });

  test('is whole when it is many pages long', async () => {
    const { id } = await days.sell();
    await core.admin`
      insert into core.policies select (jsonb_populate_record(p, jsonb_build_object('id', 'msk-' || gen_random_uuid(),
        'number', 'N' || n, 'idempotency_key', 'K' || n, 'premium_minor', 100 * n))).*
      from core.policies p, generate_series(1, 1499) n where p.id = ${id}`;
    await close('2026-11-22');
    const [sum] = await core.admin`select sum(premium_minor)::float8 as premium from core.policies`;
    const [told] = (await dataOf('2026-11-22'))?.insurers ?? [];
    expect([told?.issued.count, told?.issued.premium.amountMinor]).toEqual([1_500, sum?.['premium']]);
  });

  test('has nothing of the holder or the reason, nor has the log', async () => {
    const { id } = await days.sell();
    await days.cancel(id);
    await close('2026-11-22');
    const rows = await core.admin`select * from core.outbox where type = 'control.day-closed.v1'`;
    const said = JSON.stringify([rows, await core.admin`select * from core.told_days`, core.logged]);
    expect(said).toContain('day told');
    for (const value of [REASON, ...Object.values(HOLDER)]) expect(said).not.toContain(value);
  });
});

describe('when a day is told', () => {
  test('is 5 minutes after its end, and not before', async () => {
    await days.sell();
    endOf('2026-11-22');
    core.advance(-1);
    await closeDays(core.ctx);
    expect(await days.told()).toEqual([]);
    core.advance(1);
    const pokes = core.pokes();
    await closeDays(core.ctx);
    const [event] = await days.toldDays();
    expect(event).toMatchObject({
      type: 'control.day-closed.v1',
      aggregateId: 'msk-day-2026-11-22',
      aggregateVersion: 1,
      partition: partitionOf('msk-day-2026-11-22', 12),
      occurredAt: core.clock.at.toISOString(),
    });
    expect(core.pokes() - pokes).toBe(1);
    expect(core.logged.filter((line) => line.includes('day told'))).toEqual([expect.stringContaining('2026-11-22')]);
  });

  test('no day is, before the first policy', async () => {
    await close('2026-11-22');
    expect(await days.told()).toEqual([]);
  });

  test('every day in a row is, those without an operation too, and those missed are caught up in order', async () => {
    await days.sell();
    await close('2026-11-23');
    expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-23 1']);
    expect(await dataOf('2026-11-23')).toEqual({ day: '2026-11-23', insurers: [] });
    await close('2026-12-01');
    const missed = Array.from({ length: 8 }, (_, n) => `${addDays('2026-11-24', n)} 1`);
    expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-23 1', ...missed]);
  });

  test('each is a transaction of its own, of its row and its event', async () => {
    await days.sell();
    await close('2026-11-24');
    const rows = await core.admin`select d.xmin::text as day, o.xmin::text as event
      from core.told_days d join core.outbox o on o.aggregate_id = 'msk-day-' || d.day`;
    expect(rows.every(({ day, event }) => day === event)).toBe(true);
    expect(new Set(rows.map(({ day }) => day)).size).toBe(3);
  });

  test('none is, behind one that cannot be', async () => {
    await days.sell();
    await core.admin`alter table core.told_days add constraint broken check (day <> '2026-11-23')`;
    await expect(close('2026-11-24')).rejects.toThrow('Cannot tell the day 2026-11-23');
    expect(await days.told()).toEqual(['2026-11-22 1']);
    await core.admin`alter table core.told_days drop constraint broken`;
    await closeDays(core.ctx);
    expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-23 1', '2026-11-24 1']);
  });

  test.each(['outbox', 'told_days'])('S3.2 neither row nor event is left when %s takes nothing', async (table) => {
    await days.sell();
    const { admin } = core;
    const column = table === 'outbox' ? admin`(type <> 'control.day-closed.v1')` : admin`(revision > 1)`;
    await admin`alter table core.${admin(table)} add constraint broken check ${column}`;
    await expect(close('2026-11-22')).rejects.toThrow();
    expect([await days.told(), await admin`select from core.told_days`]).toEqual([
      [],
      expect.objectContaining({ length: 0 }),
    ]);
    await admin`alter table core.${admin(table)} drop constraint broken`;
    await closeDays(core.ctx);
    expect(await days.told()).toEqual(['2026-11-22 1']);
  });

  test('a stop is heeded between two days', async () => {
    await days.sell();
    endOf('2026-11-24');
    const stopping = new AbortController();
    const poke = () => stopping.abort();
    await closeDays({ ...core.ctx, poke }, { signal: stopping.signal });
    expect(await days.told()).toEqual(['2026-11-22 1']);
  });

  test('S3.2 replicas at it at once tell each day once', async () => {
    await days.sell();
    endOf('2026-12-01');
    await Promise.all(Array.from({ length: 4 }, () => closeDays(core.ctx)));
    expect(await days.told()).toEqual(Array.from({ length: 10 }, (_, n) => `${addDays('2026-11-22', n)} 1`));
  });
});

describe('D9 a day that was not complete when it was told', () => {
  /** A policy of now, committed when the test says so. */
  async function sellLate() {
    const { id } = await days.sell();
    const [begun, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [row] =
      await core.admin`delete from core.policies where id = ${id} returning to_jsonb(policies)::text as row`;
    const late = core.ctx.sql.begin(async (tx) => {
      await tx`insert into core.policies select (jsonb_populate_record(null::core.policies, ${row?.['row']}::text::jsonb)).*`;
      begun.resolve();
      await commit.promise;
    });
    await begun.promise;
    return () => {
      commit.resolve();
      return late;
    };
  }

  test('is told anew, whole, with the next day, and then no more', async () => {
    await days.sell();
    const commit = await sellLate();
    await close('2026-11-22');
    expect((await dataOf('2026-11-22'))?.insurers[0]?.issued.count).toBe(1);
    await commit();
    core.advance(HOUR_MS);
    await closeDays(core.ctx);
    expect(await days.told()).toEqual(['2026-11-22 1']);
    await close('2026-11-23');
    expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-22 2', '2026-11-23 1']);
    expect(await dataOf('2026-11-22')).toEqual(await days.expected('2026-11-22'));
    await close('2026-11-26');
    const last = ['2026-11-24 1', '2026-11-25 1', '2026-11-26 1'];
    expect((await days.told()).slice(3)).toEqual(last);
  });

  test('is told anew with the day after the next too, and not later', async () => {
    const commits = [];
    for (const day of ['2026-11-22', '2026-11-23', '2026-11-24']) {
      core.clock.at = new Date(moscowMidnight(day).getTime() + HOUR_MS);
      await days.sell();
      commits.push(await sellLate());
      await close(day);
    }
    for (const commit of commits) await commit();
    await close('2026-11-25');
    expect((await days.told()).slice(3)).toEqual(['2026-11-23 2', '2026-11-24 2', '2026-11-25 1']);
  });

  test('S3.2 is told anew once by replicas at it at once', async () => {
    await days.sell();
    const commit = await sellLate();
    await close('2026-11-22');
    await commit();
    endOf('2026-11-23');
    await Promise.all(Array.from({ length: 4 }, () => closeDays(core.ctx)));
    expect(await days.told()).toEqual(['2026-11-22 1', '2026-11-22 2', '2026-11-23 1']);
  });
});

test('a day is read by the indexes of its two moments', async () => {
  const plan = await core.ctx.db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute(sql`explain ${operationsOf('2026-11-22')}`);
  });
  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('Bitmap Index Scan on policies_issued_at');
  expect(text).toContain('policies_cancelled_at');
  expect(text).not.toContain('Sort');
});

test('the end of the last day told is a metric, absent before the first', async () => {
  const registry = new Registry();
  observeToldDays(registry, core.ctx);
  const line = async () => /^core_last_day_told_seconds (\d+)$/m.exec(await registry.metrics())?.[1];
  expect(await line()).toBeUndefined();
  await days.sell();
  await close('2026-11-23');
  expect(await line()).toBe(String(Date.parse('2026-11-24T00:00:00+03:00') / 1000));
});
