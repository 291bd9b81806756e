import type { MiddlewareHandler } from 'hono';
import { DomainError, Unauthenticated } from '#platform/problem/domain-error.ts';
import { setHeader } from '#platform/telemetry/trace.ts';
import { type EdgeContext, type EdgeEnv, originOf } from '../context.ts';
import type { GoodKeys } from '../partners/good-keys.ts';
import { identify } from '../partners/identify.ts';
import type { PartnerDirectory } from '../partners/partner-directory.ts';
import type { Allowance, Caller, Limiter } from './limiter.ts';
import { createPartnerCallers } from './partner-caller.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

interface AdmitOptions {
  readonly directory: PartnerDirectory;
  readonly limiter: Limiter;
  readonly goodKeys: GoodKeys;
  readonly keyRequired: boolean;
}

/** 429: the limit of this second is used up. */
class RateLimited extends DomainError {
  constructor({ policy, limit, resetMs }: Allowance) {
    super('rate-limited', `The limit of this ${policy}, ${limit} requests per second, is used up`, {
      retryAfterSeconds: resetMs / 1000,
    });
  }
}

/** Lets a request through when its caller is who it says and within its limit. Comes after `tellLimits`. */
export function admit(ctx: EdgeContext, options: AdmitOptions): MiddlewareHandler<EdgeEnv> {
  const { directory, limiter, goodKeys, keyRequired } = options;
  const callerOf = createPartnerCallers(ctx);
  return async (c, next) => {
    const origin = originOf(c);
    const settle = (allowance: Allowance, caller: string) => {
      c.set('allowance', allowance);
      if (allowance.admitted) return;
      ctx.observe({ kind: 'limited', caller });
      throw new RateLimited(allowance);
    };
    const chargeAddress = () => settle(limiter.takeHere(addressCaller(ctx, ctx.clientAddress(c))), 'anonymous');
    const authorization = c.req.header('authorization');
    const partner = await identify(directory, {
      authorization,
      origin,
      allowOld: !keyRequired,
      goodKeys,
      chargeAddress,
    });
    if (partner) {
      c.set('partner', partner);
      settle(await limiter.take(callerOf(partner), origin), partner.id);
    } else {
      chargeAddress();
      if (keyRequired) throw new Unauthenticated('This call needs a key: Authorization: Bearer ik_{partner}_{secret}');
    }
    await next();
  };
}

/** Every answer of a limited route says what is left, refusals and errors too. */
export function tellLimits(ctx: EdgeContext, limiter: Limiter): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    await next();
    const allowance = c.get('allowance') ?? limiter.peek(addressCaller(ctx, ctx.clientAddress(c)));
    for (const [name, value] of Object.entries(rateLimitHeaders(allowance))) setHeader(c, name, value);
  };
}

function addressCaller(ctx: EdgeContext, address: string): Caller {
  const rate = { limit: ctx.config.ANONYMOUS_LIMIT_PER_SECOND, percent: 100 };
  return { policy: 'address', id: address, pool: rate, share: rate };
}
