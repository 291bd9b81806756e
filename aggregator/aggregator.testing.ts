import { noop } from 'cockatiel';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestDatabase } from '#platform/postgres/testing.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import type { AggregatorContext } from './context.ts';
import type { CollectedTariff, Insurer } from './insurers/insurer.ts';
import type { Line } from './insurers/open-line.ts';

const NOW = new Date('2026-11-22T10:07:30.000Z');

/** A database of its own, and contexts on it, each with a pool as another aggregator has it. `admin` owns the tables. */
export async function createTestRoom() {
  const database = await createTestDatabase();
  const log = createLogger({ service: 'ins-product-aggregator', region: 'msk', level: 'silent' });
  const stack = new AsyncDisposableStack();
  stack.use(database);
  const open = (url: string) => stack.use(openPostgres({ url, name: 'test', log, max: 8 }));
  const admin = open(database.adminUrl).sql;
  return {
    admin,
    adminUrl: database.adminUrl,
    /** Another aggregator. `seen` is what it told the outside. */
    context(lines: readonly Line[] = [], changes: Partial<AggregatorContext> = {}) {
      const seen = { pokes: 0, polls: [] as string[], failures: [] as string[] };
      const { sql, db } = open(database.url('aggregator'));
      const ctx: AggregatorContext = {
        db,
        sql,
        log,
        lines,
        wait: () => Promise.resolve(),
        fetch: () => Promise.reject(new Error('Tests call no insurer')),
        now: () => NOW,
        random: () => 0.5,
        observePoll: ({ insurer, outcome }) => seen.polls.push(`${insurer} ${outcome}`),
        observeFailure: ({ insurer, reason }) => seen.failures.push(`${insurer} ${reason}`),
        poke: () => {
          seen.pokes += 1;
        },
        ...changes,
      };
      return { ctx, seen };
    },
    /** Every table empty, and whole. */
    async reset() {
      await admin`alter table aggregator.outbox drop constraint if exists broken`;
      for (const table of ['outbox', 'outbox_cursor', 'polls', 'tariffs', 'quarantine', 'releases'])
        await admin`delete from aggregator.${admin(table)}`;
    },
    /** Everything that is known and told, for comparing. */
    async books() {
      const [tariffs, polls, events] = await Promise.all([
        admin`select insurer, product, version, commission_rate_bps, terms from aggregator.tariffs order by 1, 2`,
        admin`select insurer, outcome, polled_at, as_of, events from aggregator.polls order by 1`,
        admin`select type, key, aggregate_id, aggregate_version, data from aggregator.outbox order by id`,
      ]);
      return { tariffs: [...tariffs], polls: [...polls], events: [...events] };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type TestRoom = Awaited<ReturnType<typeof createTestRoom>>;

/** An OSAGO tariff with one base rate; inside the corridor it is 139,900 to 866,500 kopecks. */
export const tariff = (baseRateMinor: number, commissionRateBps = 1_500): CollectedTariff => ({
  product: 'osago',
  commissionRateBps,
  terms: { baseRatesMinor: { '2.2': baseRateMinor } },
});

/** A line whose insurer is a function, without a guard: what it does is what happens, at once. */
export function lineOf(id: string, collect: Insurer['collect']): Line {
  return {
    insurer: { id, protocol: 'rest', collect },
    baseUrl: 'http://insurers.test',
    guard: noop,
    breaker: () => 'closed',
    busy: () => false,
  };
}

/** A moment to wait for: `begin` says that it came, and holds whoever says so until `release`. */
export function gate() {
  const begun = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    release: released.resolve,
    begin: () => {
      begun.resolve();
      return released.promise;
    },
  };
}
