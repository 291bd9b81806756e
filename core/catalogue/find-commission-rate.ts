import { and, eq } from 'drizzle-orm';
import type { CoreContext } from '../context.ts';
import type { OfferClaims } from '../offers/offer-claims.ts';
import { tariffs } from './table.ts';

type Sold = Pick<OfferClaims, 'insurer' | 'product' | 'tariffVersion'>;

/** The commission rate of the tariff version that was sold, basis points: of that version, not of today's. */
export async function findCommissionRate(ctx: Pick<CoreContext, 'catalogue' | 'db'>, sold: Sold): Promise<number> {
  const newest = ctx.catalogue
    .entries()
    .find((entry) => entry.insurer === sold.insurer)
    ?.tariffs.get(sold.product);
  if (newest?.version === sold.tariffVersion) return newest.commissionRateBps;
  const [row] = await ctx.db
    .select({ rate: tariffs.commissionRateBps })
    .from(tariffs)
    .where(
      and(
        eq(tariffs.insurer, sold.insurer),
        eq(tariffs.product, sold.product),
        eq(tariffs.version, sold.tariffVersion),
      ),
    );
  if (!row)
    throw new Error(
      `Tariff ${sold.insurer}/${sold.product} version ${sold.tariffVersion} was offered but is not stored`,
    );
  return row.rate;
}
