import { sql } from 'drizzle-orm';
import type { Tariff, TariffOf } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';
import type { Service } from '#platform/lifecycle/service.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { revisionOf } from './revision-of.ts';
import { insurers, tariffs, withdrawals } from './table.ts';

/** An insurer as the catalogue knows it: when it last answered, and its newest tariff of each product. */
export interface CatalogueEntry {
  readonly insurer: string;
  readonly polledAt: Date;
  readonly tariffs: ReadonlyMap<Product, Tariff>;
}

/** An insurer's tariff of a product; undefined when it sells none. */
export function tariffOf<P extends Product>(entry: CatalogueEntry, product: P): TariffOf<P> | undefined {
  // The map is filled by each tariff's own product.
  return entry.tariffs.get(product) as TariffOf<P> | undefined;
}

/** What insurers sell now, in memory: a quote reads no table and asks no insurer. */
export interface Catalogue extends Service {
  /** By insurer's id, ascending. */
  entries(): readonly CatalogueEntry[];
  /** Of what `entries()` gives at the same moment: with an await between the two they may be of different readings. */
  revision(): string;
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
  let known = await readKnown(ctx.db);
  let begun = 0;
  let shown = 0;
  const refresh = async () => {
    begun += 1;
    const turn = begun;
    const read = await readKnown(ctx.db);
    // One that began earlier and took longer must not bring an old state back.
    if (turn < shown) return;
    shown = turn;
    known = read;
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
    entries: () => known.entries,
    revision: () => known.revision,
    refresh,
    done,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await done;
    },
  };
}

/** The digest is made once a reading: each answer carries it. */
async function readKnown(db: Db) {
  const entries: readonly CatalogueEntry[] = await readEntries(db);
  return { entries, revision: revisionOf(entries) };
}

async function readEntries(db: Db): Promise<CatalogueEntry[]> {
  const polled = await db.select().from(insurers).orderBy(insurers.id);
  const newest = await db
    .selectDistinctOn([tariffs.insurer, tariffs.product])
    .from(tariffs)
    .orderBy(tariffs.insurer, tariffs.product, sql`${tariffs.version} desc`);
  const withdrawn = await db.select().from(withdrawals);
  const isSold = (tariff: (typeof newest)[number]) =>
    !withdrawn.some(
      ({ insurer, product, version }) =>
        insurer === tariff.insurer && product === tariff.product && version > tariff.version,
    );
  return polled.map((insurer) => ({
    insurer: insurer.id,
    polledAt: new Date(insurer.polledAt),
    tariffs: new Map(
      newest
        .filter((tariff) => tariff.insurer === insurer.id && isSold(tariff))
        // Stored as it was read by the contract, which ties the terms to the product.
        .map((tariff) => [tariff.product, { ...tariff, asOf: new Date(tariff.asOf).toISOString() } as Tariff]),
    ),
  }));
}
