import type { Partner } from '#contracts/partner.ts';
import type { CoreContext } from '../context.ts';
import { partners } from './table.ts';

/** Sets a partner's terms, whole; edges know of it within 30 s. */
export async function setPartner({ db, now }: Pick<CoreContext, 'db' | 'now'>, partner: Partner): Promise<Partner> {
  const row = { ...partner, changedAt: now().toISOString() };
  await db.insert(partners).values(row).onConflictDoUpdate({ target: partners.id, set: row });
  return partner;
}
