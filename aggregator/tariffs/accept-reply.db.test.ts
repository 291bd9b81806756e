import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TravelTerms } from '#contracts/tariff.ts';
import { createTestRoom, type TestRoom, tariff } from '../aggregator.testing.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { acceptReply, releaseReply } from './accept-reply.ts';

let room: TestRoom;
let ctx: ReturnType<TestRoom['context']>['ctx'];
beforeAll(async () => {
  room = await createTestRoom();
  ctx = room.context().ctx;
});
afterAll(() => room[Symbol.asyncDispose]());
beforeEach(() => room.reset());

const TRAVEL: TravelTerms = {
  dailyRateMinor: 10_000,
  territory: { schengen: '1' },
  sumInsuredEur: { '30000': '1' },
  activity: { none: '1' },
  age: [{ upTo: 75, factor: '1' }],
  days: [{ upTo: 365, factor: '1' }],
};
const travel = (dailyRateMinor = 10_000): CollectedTariff => ({
  product: 'travel',
  commissionRateBps: 2_000,
  terms: { ...TRAVEL, dailyRateMinor },
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute));
const accept = (minute: number, ...collected: CollectedTariff[]) =>
  ctx.db.transaction((tx) => acceptReply(tx, { insurer: 'volga', collected, at: at(minute) }));
const release = (minute: number) =>
  ctx.db.transaction((tx) => releaseReply(tx, { insurer: 'volga', at: at(minute), why: 'confirmed by telephone' }));
const told = async () =>
  (await room.books()).events.map(({ type, key, data }) => {
    const { version, product } = JSON.parse(data) as { version?: number; product?: string };
    return [type, key, product, version].filter((part) => part !== undefined).join(' ');
  });
const held = () => room.admin`select insurer, since, collected_at, findings from aggregator.quarantine`;

describe('R14 a reply that is not plausible', () => {
  test('is put aside whole: nothing of it is published, what is known and its "as of" stay, and it says why', async () => {
    await accept(0, tariff(400_000), travel());
    const before = await room.books();
    const findings = ['osago: base rate of row 2.2 went from 4000.00 to 7000.00 roubles'];
    expect(await accept(15, tariff(700_000), travel(11_000))).toEqual({ status: 'quarantined', findings });
    const after = await room.books();
    expect([after.tariffs, after.events]).toEqual([before.tariffs, before.events]);
    expect(after.polls).toEqual([
      { ...before.polls[0], outcome: `quarantined: ${findings[0]}`, polled_at: '2026-11-22 10:15:00+00' },
    ]);
    expect([...(await held())]).toEqual([
      { insurer: 'volga', since: '2026-11-22 10:15:00+00', collected_at: '2026-11-22 10:15:00+00', findings },
    ]);
  });

  test('of an insurer never heard of before is put aside too, and its first good one begins with version 1', async () => {
    expect(await accept(0, tariff(1))).toMatchObject({ status: 'quarantined' });
    expect(await told()).toEqual([]);
    expect(await accept(15, tariff(400_000))).toEqual({ status: 'good', changed: 1 });
    expect(await told()).toEqual(['tariff.published.v1 tariff:volga:osago osago 1', 'insurer.polled.v1 polled:volga']);
  });

  test('replaces the one before it, and its quarantine is as old as the first', async () => {
    await accept(0, tariff(400_000));
    await accept(15, tariff(700_000));
    await accept(30, tariff(800_000));
    expect(await held()).toMatchObject([
      {
        since: '2026-11-22 10:15:00+00',
        collected_at: '2026-11-22 10:30:00+00',
        findings: [expect.stringContaining('8000')],
      },
    ]);
  });

  test('is forgotten when the insurer sends one that is', async () => {
    await accept(0, tariff(400_000));
    await accept(15, tariff(700_000));
    expect(await accept(30, tariff(410_000))).toEqual({ status: 'good', changed: 1 });
    expect([...(await held())]).toEqual([]);
  });

  test('is published as it was collected when an operator releases it, with who said why; then it is no jump', async () => {
    await accept(0, tariff(400_000));
    await accept(15, tariff(700_000));
    expect(await release(20)).toBe(1);
    const { tariffs, polls } = await room.books();
    expect(tariffs).toMatchObject([{ version: 2, terms: { baseRatesMinor: { '2.2': 700_000 } } }]);
    expect(polls).toMatchObject([{ outcome: 'good', as_of: '2026-11-22 10:15:00+00' }]);
    expect([...(await held())]).toEqual([]);
    expect(await room.admin`select insurer, released_at, why, findings from aggregator.releases`).toMatchObject([
      { insurer: 'volga', why: 'confirmed by telephone', released_at: '2026-11-22 10:20:00+00' },
    ]);
    expect(await accept(30, tariff(700_000))).toEqual({ status: 'good', changed: 0 });
  });

  test('cannot be released when there is none', async () => {
    await accept(0, tariff(400_000));
    expect(await release(5)).toBeUndefined();
    expect([...(await room.admin`select * from aggregator.releases`)]).toEqual([]);
  });
});

describe('a product that an insurer sells no more', () => {
  test('is withdrawn once, with the next version, under the key of its tariff', async () => {
    await accept(0, tariff(400_000), travel());
    expect(await accept(15, tariff(400_000))).toEqual({ status: 'good', changed: 1 });
    expect(await accept(30, tariff(400_000))).toEqual({ status: 'good', changed: 0 });
    expect((await told()).slice(3)).toEqual([
      'tariff.withdrawn.v1 tariff:volga:travel travel 2',
      'insurer.polled.v1 polled:volga',
      'insurer.polled.v1 polled:volga',
    ]);
  });

  test('is published anew when it is sold again, at any price, also at its old one', async () => {
    await accept(0, tariff(400_000), travel());
    await accept(15, tariff(400_000));
    expect(await accept(30, tariff(400_000), travel())).toEqual({ status: 'good', changed: 1 });
    await accept(45, tariff(400_000));
    expect(await accept(50, tariff(400_000), travel(90_000))).toEqual({ status: 'good', changed: 1 });
    expect((await told()).filter((line) => line.includes('travel'))).toEqual([
      'tariff.published.v1 tariff:volga:travel travel 1',
      'tariff.withdrawn.v1 tariff:volga:travel travel 2',
      'tariff.published.v1 tariff:volga:travel travel 3',
      'tariff.withdrawn.v1 tariff:volga:travel travel 4',
      'tariff.published.v1 tariff:volga:travel travel 5',
    ]);
  });

  test('aggregate versions stay dense through all of it', async () => {
    await accept(0, tariff(400_000), travel());
    await accept(15, tariff(410_000));
    await accept(30, tariff(410_000), travel());
    const versions = (await room.books()).events.map((row) => row['aggregate_version']);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
