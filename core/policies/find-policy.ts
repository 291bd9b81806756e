import type { Policy } from '#contracts/policy.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { WrongRegion } from '../offers/offer-errors.ts';
import { findRow, toPolicy } from './policy-row.ts';

/** A partner's own policy. Throws NotFound for an absent one and for another partner's; WrongRegion for another home. */
export async function findPolicy(ctx: CoreContext, partnerId: string, id: string): Promise<Policy> {
  const region = /^([a-z]{2,8})-/.exec(id)?.[1];
  if (region && region !== ctx.region && ctx.homeOf(region)) {
    throw new WrongRegion('policy', { region, home: ctx.homeOf(region) });
  }
  const row = await findRow(ctx, partnerId, { id });
  if (!row) throw new NotFound(`Policy "${id}"`);
  return toPolicy(row, ctx.region);
}
