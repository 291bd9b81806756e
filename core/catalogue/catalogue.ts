import { sql } from 'drizzle-orm';
import type { Tariff } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import type { Service } from '#platform/lifecycle/service.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { insurers, tariffs } from './table.ts';

/** An insurer as the catalogue knows it: when it last answered, and its newest tariff of each product. */
export interface CatalogueEntry {
  readonly insurer: string;
  readonly polledAt: Date;
  readonly tariffs: ReadonlyMap<Product, Tariff>;
}

/** What insurers sell now, in memory: a quote reads no table and asks no insurer. */
export interface Catalogue extends Service {
  /** By insurer's id, ascending. */
  entries(): readonly CatalogueEntry[];
  /** Reads the tables anew, as after a batch of events. */
  refresh(): Promise<void>;
}

interface CatalogueContext {
  readonly db: Db;
  readonly wait: Wait;
  readonly logError: (error: unknown, message: string) => void;
}

/** Another replica may have taken the events in: what it stored is seen here within this. */
const REFRESH_MS = 1_000;

/** Reads the catalogue and keeps it read. */
export async function startCatalogue(ctx: CatalogueContext): Promise<Catalogue> {
  const stopping = new AbortController();
  let entries: readonly CatalogueEntry[] = await readEntries(ctx.db);
  let begun = 0;
  let shown = 0;
  const refresh = async () => {
    begun += 1;
    const turn = begun;
    const read = await readEntries(ctx.db);
    // One that began earlier and took longer must not bring an old state back.
    if (turn < shown) return;
    shown = turn;
    entries = read;
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await ctx.wait(REFRESH_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      // Without its database a region goes on quoting from what it knows.
      await refresh().catch((error: unknown) =>
        ctx.logError(error, 'catalogue could not be read, keeping the last one'),
      );
    }
  };
  const done = loop();
  return {
    entries: () => entries,
    refresh,
    done,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await done;
    },
  };
}

async function readEntries(db: Db): Promise<CatalogueEntry[]> {
  const polled = await db.select().from(insurers).orderBy(insurers.id);
  const newest = await db
    .selectDistinctOn([tariffs.insurer, tariffs.product])
    .from(tariffs)
    .orderBy(tariffs.insurer, tariffs.product, sql`${tariffs.version} desc`);
  return polled.map((insurer) => ({
    insurer: insurer.id,
    polledAt: new Date(insurer.polledAt),
    tariffs: new Map(
      newest
        .filter((tariff) => tariff.insurer === insurer.id)
        .map((tariff) => [tariff.product, { ...tariff, asOf: new Date(tariff.asOf).toISOString() }]),
    ),
  }));
}
