import { eq } from 'drizzle-orm';
import type { Partner } from '#contracts/partner.ts';
import type { Db, Tx } from '#platform/postgres/open-postgres.ts';
import { DomainError } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { findPartner } from './find-partner.ts';
import { partners } from './table.ts';
import { isMatch } from './version-of.ts';

type SetContext = Pick<CoreContext, 'db' | 'now'> & { readonly partners: Pick<CoreContext['partners'], 'forget'> };

/** 412: the terms are not those that the caller has read. */
class TermsChanged extends DomainError {
  constructor(id: string) {
    super('precondition-failed', `The terms of partner "${id}" are not what If-Match says: read them again`);
  }
}

/**
 * Sets a partner's terms, whole; they are in force here at once, on other replicas within 1 s, in edges within 30 s. With
 * `ifMatch` only as long as they are what was read: throws TermsChanged else, and changes nothing.
 */
export async function setPartner(
  ctx: SetContext,
  partner: Partner,
  { ifMatch }: { ifMatch?: string | undefined } = {},
): Promise<Partner> {
  const row = { ...partner, limitShares: partner.limitShares ?? null, changedAt: ctx.now().toISOString() };
  const store = (db: Db | Tx) => db.insert(partners).values(row).onConflictDoUpdate({ target: partners.id, set: row });
  if (ifMatch === undefined) await store(ctx.db);
  else
    await ctx.db.transaction(async (tx) => {
      // Locked before it is read: of two who read the same, the second sees what the first has set.
      await tx.select({ id: partners.id }).from(partners).where(eq(partners.id, partner.id)).for('update');
      if (!isMatch(ifMatch, await findPartner({ db: tx }, partner.id))) throw new TermsChanged(partner.id);
      await store(tx);
    });
  ctx.partners.forget(partner.id);
  return partner;
}
