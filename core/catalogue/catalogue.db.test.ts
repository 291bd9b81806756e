import type { SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Db, openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestCore, manualWait, NOW, type TestCore, tariff } from '../core.testing.ts';
import { startCatalogue } from './catalogue.ts';

let core: TestCore;
beforeEach(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'), { insurer: 'amur', polledAt: '2026-11-22T10:05:00.000Z' });
});
afterEach(() => core[Symbol.asyncDispose]());

/** Another replica: a pool of its own on the same database. `rests` says that a round of its loop is over. */
async function startReplica() {
  const stack = new AsyncDisposableStack();
  const postgres = stack.use(openPostgres({ url: core.databaseUrl, name: 'replica', log: core.ctx.log, max: 2 }));
  const { wait, tick } = manualWait();
  const errors: unknown[] = [];
  let rest = Promise.withResolvers<void>();
  const catalogue = stack.use(
    await startCatalogue({
      db: postgres.db,
      wait: (ms, signal) => {
        rest.resolve();
        return wait(ms, signal);
      },
      logError: (error) => errors.push(error),
    }),
  );
  /** Lets a second pass: one round of the loop. */
  const round = async () => {
    await rest.promise;
    rest = Promise.withResolvers();
    tick();
    await rest.promise;
  };
  return { catalogue, round, errors, end: () => postgres.sql.end(), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The database, one of whose readings of tariffs can be held back after it was read. */
function holdable(db: Db) {
  let hold: (() => Promise<void>) | undefined;
  const selectDistinctOn = (columns: PgColumn[]) => ({
    from: (table: PgTable) => ({
      async orderBy(...order: (PgColumn | SQL)[]) {
        const rows = await db
          .selectDistinctOn(columns)
          .from(table)
          .orderBy(...order);
        const held = hold?.();
        hold = undefined;
        await held;
        return rows;
      },
    }),
  });
  const holdNext = () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    hold = () => {
      reached.resolve();
      return released.promise;
    };
    return { reached: reached.promise, release: released.resolve };
  };
  const select: Db['select'] = (...fields: []) => db.select(...fields);
  return { db: { select, selectDistinctOn } as unknown as Db, holdNext };
}

const versions = ({ entries }: Pick<Awaited<ReturnType<typeof startCatalogue>>, 'entries'>) =>
  entries().map((entry) => [entry.insurer, entry.tariffs.get('osago')?.version]);

describe('R14 the catalogue', () => {
  test('is read when it starts, by insurer, those without a tariff among them', async () => {
    await using replica = await startReplica();
    expect(replica.catalogue.entries()).toEqual(core.ctx.catalogue.entries());
    expect(versions(replica.catalogue)).toEqual([
      ['amur', undefined],
      ['volga', 1],
    ]);
  });

  test('sees within a round what another replica stored', async () => {
    await using replica = await startReplica();
    await core.consume(tariff('volga', { version: 2 }), tariff('amur'));
    expect(versions(replica.catalogue)).toEqual([
      ['amur', undefined],
      ['volga', 1],
    ]);
    await replica.round();
    expect(versions(replica.catalogue)).toEqual([
      ['amur', 1],
      ['volga', 2],
    ]);
  });

  test('has the revision of every replica that knows the same: another after a version or a withdrawal, not after a poll', async () => {
    await using replica = await startReplica();
    const { catalogue } = core.ctx;
    const seen = [catalogue.revision()];
    const withdrawal = { insurer: 'volga', product: 'osago', version: 3, asOf: NOW } as const;
    const changes = [
      () => core.consume(tariff('volga', { version: 2 })),
      () => core.consume(withdrawal),
      () => core.consume({ insurer: 'volga', polledAt: '2026-11-22T11:00:00.000Z' }),
    ];
    for (const change of changes) {
      expect(replica.catalogue.revision()).toBe(seen.at(-1));
      await change();
      await replica.round();
      seen.push(catalogue.revision());
    }
    expect(replica.catalogue.revision()).toBe(seen.at(-1));
    expect(seen.map((revision) => seen.indexOf(revision))).toEqual([0, 1, 2, 2]);
  });

  test('R1 keeps what it knows while its database is away, says so, and goes on afterwards', async () => {
    await using replica = await startReplica();
    await core.admin`revoke select on core.tariffs from core`;
    await replica.round();
    expect(replica.errors).toHaveLength(1);
    expect(versions(replica.catalogue)).toEqual([
      ['amur', undefined],
      ['volga', 1],
    ]);
    await core.admin`grant select on core.tariffs to core`;
    await core.consume(tariff('amur'));
    await replica.round();
    expect(replica.errors).toHaveLength(1);
    expect(versions(replica.catalogue)).toEqual([
      ['amur', 1],
      ['volga', 1],
    ]);
  });

  test('R1 keeps what it knows when its pool is gone', async () => {
    await using replica = await startReplica();
    await replica.end();
    await replica.round();
    expect(replica.errors).toHaveLength(1);
    expect(versions(replica.catalogue)).toHaveLength(2);
  });

  test('D8 a reading that began earlier and ends later does not bring the old state back', async () => {
    const { db, holdNext } = holdable(core.ctx.db);
    await using catalogue = await startCatalogue({ db, wait: manualWait().wait, logError: () => undefined });
    const held = holdNext();
    const slow = catalogue.refresh();
    await held.reached;
    await core.consume(tariff('volga', { version: 2 }));
    await catalogue.refresh();
    held.release();
    await slow;
    expect(versions(catalogue)).toContainEqual(['volga', 2]);
  });

  test('does not start without its tables', async () => {
    await core.admin`revoke select on core.insurers from core`;
    await expect(startReplica()).rejects.toThrow();
  });

  test('ends when disposed of', async () => {
    const replica = await startReplica();
    await replica[Symbol.asyncDispose]();
    await replica.catalogue.done;
  });
});
