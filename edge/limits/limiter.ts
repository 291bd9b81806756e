import type { EdgeContext, Origin } from '../context.ts';
import { leaseSize } from './lease-size.ts';

/** What a caller may still do in the second under way. */
export interface Allowance {
  readonly policy: 'partner' | 'address';
  readonly limit: number;
  readonly remaining: number;
  /** Until the next second begins and the limit is whole again. */
  readonly resetMs: number;
  readonly admitted: boolean;
}

export interface Caller {
  /** A partner's limit is shared through the store, an address's is counted in the isolate alone. */
  readonly policy: Allowance['policy'];
  readonly id: string;
  /** Requests per second. */
  readonly limit: number;
}

/** A caller's count in one second. Invariant: admitted <= limit. */
interface Count {
  admitted: number;
  /** Leased and not yet used. */
  tokens: number;
  /** What the store still had when it was last asked. */
  pool: number;
  /** The store did not answer in this second: the whole limit is counted here. */
  alone: boolean;
  /** Requests that wait for a lease. */
  waiting: number;
  lease?: Promise<unknown> | undefined;
}

const WINDOW_MS = 1_000;
/** The second itself, and time for a late answer. */
const COUNTER_TTL_SECONDS = 5;

type LimiterContext = Pick<EdgeContext, 'now' | 'store'>;

/**
 * Counts requests in whole seconds of the clock. A partner's tokens are leased from the store that the region's isolates
 * share; an address is counted in the isolate alone: it is a brake on abuse, not a contract, and it is nobody's business
 * to keep addresses in a store.
 */
export function createLimiter(ctx: LimiterContext) {
  let second = 0;
  let counts = new Map<string, Count>();
  const countOf = ({ policy, id, limit }: Caller): Count => {
    const current = Math.floor(ctx.now() / WINDOW_MS);
    // Never back: a clock that steps back must not hand out the same second twice.
    if (current > second) [second, counts] = [current, new Map()];
    const key = `${policy}:${id}`;
    const known = counts.get(key);
    if (known) return known;
    const fresh = { admitted: 0, tokens: 0, pool: limit, alone: policy === 'address', waiting: 0 };
    counts.set(key, fresh);
    return fresh;
  };
  const resetMs = () => Math.max(1, Math.min(WINDOW_MS, (second + 1) * WINDOW_MS - ctx.now()));
  return {
    /** Takes one request's token from what this isolate has, or says that there is none. */
    takeHere(caller: Caller): Allowance {
      const count = countOf(caller);
      const admitted = decide(count, caller.limit) ?? false;
      return allowance(caller, { count, admitted, resetMs: resetMs() });
    },
    /** Takes one request's token, leasing more from the store when there are none here. */
    async take(caller: Caller, origin: Pick<Origin, 'background'>): Promise<Allowance> {
      for (;;) {
        const count = countOf(caller);
        const admitted = decide(count, caller.limit);
        if (admitted !== undefined) return allowance(caller, { count, admitted, resetMs: resetMs() });
        count.waiting += 1;
        count.lease ??= startLease(ctx, { caller, count, second, origin });
        await count.lease;
        count.waiting -= 1;
      }
    },
    /** What is left, without taking. */
    peek(caller: Caller): Allowance {
      return allowance(caller, { count: countOf(caller), admitted: true, resetMs: resetMs() });
    },
  };
}
export type Limiter = ReturnType<typeof createLimiter>;

/** Admits or refuses from what is known here; undefined when the store must be asked. */
function decide(count: Count, limit: number): boolean | undefined {
  if (count.admitted >= limit) return false;
  if (count.tokens === 0 && !count.alone) return count.pool > 0 ? undefined : false;
  if (!count.alone) count.tokens -= 1;
  count.admitted += 1;
  return true;
}

interface Lease {
  caller: Caller;
  count: Count;
  second: number;
  origin: Pick<Origin, 'background'>;
}

/** One call to the store for all who wait: the lease, or as many tokens as there are requests to admit at once. */
function startLease(ctx: LimiterContext, { caller, count, second, origin }: Lease): Promise<void> {
  const lease = (async () => {
    // Whoever asks in this very turn of the event loop shares the call.
    await Promise.resolve();
    const wanted = Math.max(leaseSize(caller.limit), count.waiting);
    const amount = Math.min(wanted, caller.limit - count.admitted);
    const key = `limit:${caller.id}:${second}`;
    const total = await ctx.store.add(key, { amount, ttlSeconds: COUNTER_TTL_SECONDS });
    count.lease = undefined;
    if (total === undefined) {
      count.alone = true;
      return;
    }
    const left = caller.limit - (total - amount);
    count.tokens += Math.min(amount, Math.max(0, left));
    count.pool = Math.max(0, left - amount);
  })();
  origin.background(lease);
  return lease;
}

function allowance(
  { policy, limit }: Caller,
  { count, admitted, resetMs }: { count: Count; admitted: boolean; resetMs: number },
): Allowance {
  const left = count.alone ? limit - count.admitted : count.pool + count.tokens;
  const remaining = admitted ? Math.max(0, Math.min(left, limit - count.admitted)) : 0;
  return { policy, limit, remaining, resetMs, admitted };
}
