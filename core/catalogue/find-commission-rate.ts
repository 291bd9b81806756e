import { and, eq } from 'drizzle-orm';
import type { Db } from '#platform/postgres/open-postgres.ts';
import type { OfferClaims } from '../offers/offer-claims.ts';
import type { Catalogue } from './catalogue.ts';
import { tariffs } from './table.ts';

type Sold = Pick<OfferClaims, 'insurer' | 'product' | 'tariffVersion'>;

/** The commission rate of the tariff version that was sold, basis points: of that version, not of today's. */
export type FindCommissionRate = (sold: Sold) => Promise<number>;

/** Replaced versions remembered; they are asked for while offers of them live. */
const MOST = 1_000;

/** Asks the database for a version once, and only for those that are not on sale any more: a version never changes. */
export function createFindCommissionRate(ctx: { catalogue: Pick<Catalogue, 'entries'>; db: Db }): FindCommissionRate {
  const known = new Map<string, number>();
  return async (sold) => {
    const { insurer, product, tariffVersion } = sold;
    const newest = ctx.catalogue
      .entries()
      .find((entry) => entry.insurer === insurer)
      ?.tariffs.get(product);
    if (newest?.version === tariffVersion) return newest.commissionRateBps;
    const key = `${insurer}/${product}/${tariffVersion}`;
    const rate = known.get(key) ?? (await readRate(ctx.db, sold));
    known.set(key, rate);
    const [first] = known.keys();
    if (known.size > MOST && first !== undefined) known.delete(first);
    return rate;
  };
}

async function readRate(db: Db, { insurer, product, tariffVersion }: Sold): Promise<number> {
  const [row] = await db
    .select({ rate: tariffs.commissionRateBps })
    .from(tariffs)
    .where(and(eq(tariffs.insurer, insurer), eq(tariffs.product, product), eq(tariffs.version, tariffVersion)));
  if (!row) throw new Error(`Tariff ${insurer}/${product} version ${tariffVersion} was offered but is not stored`);
  return row.rate;
}
