import type { Allowance } from './limiter.ts';

/** draft-ietf-httpapi-ratelimit-headers-10: structured fields; `w` and `t` in seconds. */
export function rateLimitHeaders({ policy, limit, remaining, resetMs }: Allowance): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=1`,
    ratelimit: `"${policy}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`,
  };
}
