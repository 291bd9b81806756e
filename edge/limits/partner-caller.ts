import type { EdgeContext } from '../context.ts';
import type { EdgePartner } from '../partners/edge-partner.ts';
import type { Caller } from './limiter.ts';

/** How partners are counted here, worked out once for as long as a partner is remembered as it is. */
export function createPartnerCallers(ctx: Pick<EdgeContext, 'config'>): (partner: EdgePartner) => Caller {
  const callers = new WeakMap<EdgePartner, Caller>();
  return (partner) => {
    const known = callers.get(partner);
    if (known) return known;
    const caller = partnerCaller(ctx, partner);
    callers.set(partner, caller);
    return caller;
  };
}

/**
 * In a shared pool the whole limit is to be had, by whoever asks first; where each region counts by itself, its share. Either
 * way the regions together admit no more than the limit.
 */
function partnerCaller({ config }: Pick<EdgeContext, 'config'>, partner: EdgePartner): Caller {
  const { id, limitPerSecond: limit, limitShares } = partner;
  const percent = limitShares ? (limitShares[config.REGION] ?? 0) : config.LIMIT_SHARE_PERCENT;
  const share = { limit, percent };
  return { policy: 'partner', id, pool: config.LIMIT_POOL === 'shared' ? { limit, percent: 100 } : share, share };
}
