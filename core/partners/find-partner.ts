import { eq, getTableColumns } from 'drizzle-orm';
import type { Partner } from '#contracts/partner.ts';
import type { CoreContext } from '../context.ts';
import { partners } from './table.ts';

/** A partner with its terms in force, or undefined. */
export async function findPartner({ db }: Pick<CoreContext, 'db'>, id: string): Promise<Partner | undefined> {
  const { changedAt: _, ...columns } = getTableColumns(partners);
  const [row] = await db.select(columns).from(partners).where(eq(partners.id, id));
  return row;
}
