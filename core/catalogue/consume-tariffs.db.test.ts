import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginLife } from '#platform/postgres/begin-life.testing.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestCore, NOW, type TestCore, tariff, tariffEvent } from '../core.testing.ts';
import { tariffOf } from './catalogue.ts';
import { catalogueStore } from './catalogue-store.ts';

const polled = (insurer: string, minutes: number) => ({ insurer, polledAt: at(minutes) });
const at = (minutes: number) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();

let core: TestCore;
beforeAll(async () => {
  core = await createTestCore();
});
beforeEach(async () => {
  await core.admin`truncate core.tariffs, core.insurers, core.withdrawals`;
  core.logged.length = 0;
});
afterAll(() => core[Symbol.asyncDispose]());

/** What a quote sees. */
const seen = () =>
  core.ctx.catalogue.entries().map((entry) => ({
    insurer: entry.insurer,
    asOf: entry.polledAt.toISOString(),
    version: tariffOf(entry, 'osago')?.version,
    baseMinor: tariffOf(entry, 'osago')?.terms.baseRatesMinor['2.2'],
  }));
const versionsStored = async () =>
  (await core.admin`select version from core.tariffs order by version`).map((row) => row['version']);

describe('S3.1 consumeTariffs', () => {
  test('makes a tariff visible to quotes as it was sent, as soon as it resolves', async () => {
    const sent = tariff('volga', { version: 3, baseMinor: 412_345, asOf: at(1) });
    await core.consume(sent);
    expect(core.ctx.catalogue.entries()).toEqual([
      { insurer: 'volga', polledAt: new Date(at(1)), tariffs: new Map([['osago', sent]]) },
    ]);
  });

  test('changes nothing when a batch comes again, also with other contents under a version that is stored', async () => {
    await core.consume(tariff('volga'), polled('volga', 5));
    const once = seen();
    await core.consume(tariff('volga'), polled('volga', 5));
    await core.consume(tariff('volga', { baseMinor: 1 }));
    expect(seen()).toEqual(once);
    expect(await versionsStored()).toEqual([1]);
  });

  test('D9 keeps every version, and quotes sell the newest', async () => {
    await core.consume(tariff('volga', { version: 1 }), tariff('volga', { version: 2, baseMinor: 600_000 }));
    expect(await versionsStored()).toEqual([1, 2]);
    expect(seen()).toEqual([{ insurer: 'volga', asOf: NOW, version: 2, baseMinor: 600_000 }]);
  });

  test('sells the newest version also when they come out of order', async () => {
    await core.consume(tariff('volga', { version: 10, baseMinor: 600_000 }));
    await core.consume(tariff('volga', { version: 9 }), tariff('volga', { version: 2 }));
    expect(await versionsStored()).toEqual([2, 9, 10]);
    expect(seen()).toMatchObject([{ version: 10, baseMinor: 600_000 }]);
  });

  test('D8 "as of" moves with every good poll and never goes back', async () => {
    await core.consume(tariff('volga', { asOf: at(0) }), polled('volga', 15));
    expect(seen()).toMatchObject([{ asOf: at(15) }]);
    await core.consume(polled('volga', 5));
    await core.consume(tariff('volga', { version: 2, asOf: at(10) }));
    expect(seen()).toMatchObject([{ asOf: at(15), version: 2 }]);
  });

  test('D8 in any order and any cut into batches, with repeats, the end is the same: newest version, latest poll', async () => {
    const anyEvent = fc.oneof(
      fc.record({ insurer: fc.constantFrom('volga', 'ural'), version: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ insurer: fc.constantFrom('volga', 'ural'), minutes: fc.integer({ min: 0, max: 60 }) }),
    );
    const anyBatches = fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(anyBatches, async (batches) => {
        await core.admin`truncate core.tariffs, core.insurers`;
        for (const batch of batches) {
          await core.consume(
            ...batch.map((event) =>
              'version' in event ? tariff(event.insurer, event) : polled(event.insurer, event.minutes),
            ),
          );
        }
        const events = batches.flat();
        const expected = ['ural', 'volga'].flatMap((insurer) => {
          const own = events.filter((event) => event.insurer === insurer);
          const versions = own.flatMap((event) => ('version' in event ? event.version : []));
          const minutes = own.map((event) => ('minutes' in event ? event.minutes : 0));
          const version = versions.length > 0 ? Math.max(...versions) : undefined;
          return own.length > 0 ? [{ insurer, version, asOf: at(Math.max(...minutes)) }] : [];
        });
        expect(seen().map(({ insurer, version, asOf }) => ({ insurer, version, asOf }))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  test.each<[string, string]>([
    ['no JSON', '{"type":'],
    ['JSON of something else', '[]'],
    ['an event of another kind', JSON.stringify({ ...JSON.parse(tariffEvent(tariff('a1'))), type: 'tariff.gone.v9' })],
    ['a version below one', tariffEvent(tariff('ural', { version: 0 }))],
    ['a version beyond what a column holds', tariffEvent(tariff('ural', { version: 2 ** 31 }))],
    ['an impossible day', tariffEvent(tariff('ural', { asOf: '2026-02-30T00:00:00.000Z' }))],
    ['a commission over 100 %', tariffEvent(tariff('ural', { commissionRateBps: 10_001 }))],
  ])(
    'passes over an event that cannot be used (%s) and logs it: what is behind it is not blocked',
    async (_, poison) => {
      await core.consume(tariff('volga'), poison, polled('volga', 5));
      expect(seen()).toMatchObject([{ insurer: 'volga', asOf: at(5), version: 1 }]);
      expect(core.logged.filter((line) => line.includes('passed over'))).toHaveLength(1);
    },
  );

  test('takes the largest version a column holds', async () => {
    await core.consume(tariff('volga', { version: 2 ** 31 - 1 }));
    expect(seen()).toMatchObject([{ version: 2 ** 31 - 1 }]);
  });

  test('rejects on a database error and stores nothing of the batch, so that it comes again whole', async () => {
    await core.admin`alter table core.tariffs add constraint broken check (insurer <> 'ural')`;
    await expect(core.consume(tariff('volga'), tariff('ural'))).rejects.toThrow();
    expect(await versionsStored()).toEqual([]);
    await core.admin`alter table core.tariffs drop constraint broken`;
    await core.consume(tariff('volga'), tariff('ural'));
    expect(seen().map((entry) => entry.insurer)).toEqual(['ural', 'volga']);
  });
});

describe('a product that an insurer sells no more', () => {
  const withdrawn = (version: number, minutes = 0) =>
    ({ insurer: 'volga', product: 'osago', version, asOf: at(minutes) }) as const;

  test('is quoted no more, its insurer stays known; the stored versions stay for what was offered', async () => {
    await core.consume(tariff('volga'), withdrawn(2, 15));
    expect(seen()).toEqual([{ insurer: 'volga', asOf: at(15), version: undefined, baseMinor: undefined }]);
    expect(await versionsStored()).toEqual([1]);
  });

  test('is quoted again when a later version comes', async () => {
    await core.consume(tariff('volga'), withdrawn(2), tariff('volga', { version: 3, baseMinor: 600_000 }));
    expect(seen()).toMatchObject([{ version: 3, baseMinor: 600_000 }]);
  });

  test('stays withdrawn whatever order versions come in, and however often', async () => {
    await core.consume(withdrawn(4), withdrawn(2), tariff('volga', { version: 3 }), tariff('volga'), withdrawn(4));
    expect(seen()).toMatchObject([{ version: undefined }]);
  });
});

describe('S3.1 the name of a database as a reader of the topic', () => {
  test('stays while the catalogue has anything in it, and is new for one that is empty: it is read from the beginning', async () => {
    await core.admin`truncate core.tariffs, core.insurers, core.catalogue_stores`;
    const first = await catalogueStore(core.ctx.db);
    expect(await catalogueStore(core.ctx.db)).not.toBe(first);
    const empty = await catalogueStore(core.ctx.db);
    await core.consume(polled('volga', 5));
    expect(await catalogueStore(core.ctx.db)).toBe(empty);
    expect(await catalogueStore(core.ctx.db)).toBe(empty);
    await core.admin`truncate core.tariffs, core.insurers`;
    expect(await catalogueStore(core.ctx.db)).not.toBe(empty);
  });
});

test('R2 S3.1 a database that was put back reads the topic under a name of that life, from the beginning', async () => {
  await core.consume(polled('volga', 5));
  const before = await catalogueStore(core.ctx.db);
  await beginLife(core.adminUrl, 2);
  await using pool = openPostgres({ url: core.databaseUrl, name: 'put back', log: core.ctx.log });
  expect(await catalogueStore(pool.db)).toBe(`${before}.life-2`);
  expect(await catalogueStore(pool.db)).toBe(`${before}.life-2`);
});
