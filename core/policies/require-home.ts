import { NotFound } from '#platform/problem/domain-error.ts';
import type { CoreContext } from '../context.ts';
import { WrongRegion } from '../offers/offer-errors.ts';

const POLICY_ID = /^([a-z]{2,8})-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Passes an id that was given out in this region. Throws WrongRegion for one of another region that is known, and NotFound
 * for what is no id of ours: such a text may not even be one that Postgres takes.
 */
export function requireHome(ctx: Pick<CoreContext, 'region' | 'homeOf'>, id: string): void {
  const region = POLICY_ID.exec(id)?.[1];
  const home = region && region !== ctx.region ? ctx.homeOf(region) : undefined;
  if (region && home) throw new WrongRegion('policy', { region, home });
  if (region !== ctx.region) throw new NotFound(`Policy "${id}"`);
}
