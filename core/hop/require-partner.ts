import type { Context } from 'hono';
import type { HopClaims } from '#contracts/hop.ts';
import type { Partner } from '#contracts/partner.ts';
import { Unauthenticated } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';

/** The partner on whose behalf edge signed this call. Throws Unauthenticated for an anonymous one. */
export async function requirePartner(ctx: Pick<CoreContext, 'partners'>, c: Context): Promise<Partner> {
  const { partner: id } = c.get('hop') as HopClaims;
  const partner = id ? await ctx.partners.find(id) : undefined;
  if (!partner) throw new Unauthenticated('This call needs a partner key: Authorization: Bearer ik_{partner}_{secret}');
  return partner;
}
