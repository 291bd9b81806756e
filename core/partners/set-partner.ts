import type { Partner } from '#contracts/partner.ts';
import type { CoreContext } from '../context.ts';
import { partners } from './table.ts';

type SetContext = Pick<CoreContext, 'db' | 'now'> & { readonly partners: Pick<CoreContext['partners'], 'forget'> };

/** Sets a partner's terms, whole; they are in force here at once, on other replicas within 1 s, in edges within 30 s. */
export async function setPartner(ctx: SetContext, partner: Partner): Promise<Partner> {
  const row = { ...partner, changedAt: ctx.now().toISOString() };
  await ctx.db.insert(partners).values(row).onConflictDoUpdate({ target: partners.id, set: row });
  ctx.partners.forget(partner.id);
  return partner;
}
