import { eq, getTableColumns } from 'drizzle-orm';
import type { Partner } from '#contracts/partner.ts';
import type { Db, Tx } from '#platform/postgres/open-postgres.ts';
import { partners } from './table.ts';

/** A partner with its terms in force, or undefined. */
export async function findPartner({ db }: { readonly db: Db | Tx }, id: string): Promise<Partner | undefined> {
  const { changedAt: _, ...columns } = getTableColumns(partners);
  const [row] = await db.select(columns).from(partners).where(eq(partners.id, id));
  if (!row) return undefined;
  const { limitShares, ...terms } = row;
  return { ...terms, ...(limitShares && { limitShares }) };
}
