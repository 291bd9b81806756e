import type { Policy } from '#contracts/policy.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { findRow, toPolicy } from './policy-row.ts';
import { requireHome } from './require-home.ts';

/** A partner's own policy. Throws NotFound for an absent one and for another partner's; WrongRegion for another home. */
export async function findPolicy(ctx: CoreContext, partnerId: string, id: string): Promise<Policy> {
  requireHome(ctx, id);
  const row = await findRow(ctx, partnerId, { id });
  if (!row) throw new NotFound(`Policy "${id}"`);
  return toPolicy(row, ctx.region);
}
