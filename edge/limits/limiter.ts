import type { EdgeContext, Origin } from '../context.ts';
import { type Flight, joinFlight, startFlight } from '../flight.ts';
import { leaseSize } from './lease-size.ts';
import { nextQuotaIn, quotaOf, type Rate } from './quota.ts';
import { createTally, type Tally } from './tally.ts';

/** What a caller may still do in the second under way. */
export interface Allowance {
  readonly policy: 'partner' | 'address';
  /** Requests per second, rounded up. */
  readonly limit: number;
  readonly remaining: number;
  /** Until a second begins in which there is something to have. */
  readonly resetMs: number;
  readonly admitted: boolean;
}

export interface Caller {
  /** A partner's limit is shared through the store, an address's is counted in the isolate alone. */
  readonly policy: Allowance['policy'];
  readonly id: string;
  /** Of the pool in the store, which all who count there share. */
  readonly pool: Rate;
  /** What is this region's own, whatever others do: all that is admitted while the store is away. */
  readonly share: Rate;
}

/** A caller's count in one second. Invariant: admitted is at most the pool's quota, or the share's when that was never leased. */
interface Count {
  readonly second: number;
  admitted: number;
  /** Leased and not yet used. */
  tokens: number;
  /** What the store still had when it was last asked. */
  left: number;
  /** Nothing more comes from the store in this second: the share is counted here. */
  alone: boolean;
  /** Requests that wait for a lease. */
  waiting: number;
  lease?: Flight<void> | undefined;
}

const WINDOW_MS = 1_000;
/** The second itself, the one before in which it may be leased, and time for a late answer. */
const COUNTER_TTL_SECONDS = 5;
/** In the last part of a second the next one's first lease is fetched, ms: as long as a call to the store may take. */
const AHEAD_MS = 250;

type LimiterContext = Pick<EdgeContext, 'now' | 'store' | 'pause'>;
type Background = Pick<Origin, 'background'>;

/**
 * Counts requests in whole seconds of the clock. A partner's tokens are leased from the store, ahead of their use, so that a
 * request waits for the store only when its caller was idle; an address is counted in the isolate alone: it is a brake on
 * abuse, not a contract, and it is nobody's business to keep addresses in a store.
 */
export function createLimiter(ctx: LimiterContext) {
  const counts = createCounts(ctx);
  const tally = createTally();
  const settle = (caller: Caller, count: Count, admitted: boolean): Allowance => {
    const of = tally.decisions[caller.policy === 'address' ? 'address' : count.alone ? 'alone' : 'pool'];
    if (admitted) of.admitted += 1;
    else of.refused += 1;
    return allowance(ctx, caller, { count, admitted });
  };

  /** Begins a call to the store for more, unless one is under way. */
  const lease = (caller: Caller, count: Count, origin: Background) => {
    if (count.lease) return;
    count.lease = startFlight(startLease(ctx, { caller, count, perSecond: counts.demandOf(caller), origin, tally }));
  };
  const awaitLease = async (caller: Caller, count: Count, origin: Background) => {
    const { lease: known } = count;
    if (!known) {
      lease(caller, count, origin);
      return count.lease?.work;
    }
    // Who began it may be gone.
    await joinFlight(ctx, known).catch(() => {
      count.alone = true;
    });
  };

  /** Fetches what will be needed before it is: more of this second when half is used, and the first of the next. */
  const fetchAhead = (caller: Caller, count: Count, origin: Background) => {
    const perSecond = counts.demandOf(caller);
    const leftMs = (count.second + 1) * WINDOW_MS - ctx.now();
    const enough = leaseSize({ quota: quotaOf(caller.pool, count.second), perSecond, leftMs }) >> 1;
    // What is left over when a second ends nobody else had: towards its end no more is fetched than is likely to be used.
    const likely = (perSecond * leftMs) / WINDOW_MS;
    const isShort = count.tokens <= enough && count.tokens + 1 <= likely;
    if (!count.alone && count.left > 0 && isShort) lease(caller, count, origin);
    if (leftMs > AHEAD_MS) return;
    const next = counts.next(caller);
    if (!next.alone && next.tokens === 0 && next.left > 0) lease(caller, next, origin);
  };

  return {
    /** What was decided and leased. */
    tally,
    /** Tokens leased for the second under way and not used. */
    tokensHeld: counts.tokensHeld,
    /** Takes one request's token from what this isolate has, or says that there is none. */
    takeHere(caller: Caller): Allowance {
      const count = counts.current(caller);
      return settle(caller, count, decide(count, caller) ?? false);
    },
    /** Takes one request's token when it is here and is to be had; undefined, and nothing taken, when not. */
    takeNow(caller: Caller, origin: Background): Allowance | undefined {
      const count = counts.current(caller);
      if (!count.alone && ctx.store.isAway()) return undefined;
      if (!decide(count, caller)) return undefined;
      fetchAhead(caller, count, origin);
      return settle(caller, count, true);
    },
    /** Takes one request's token. Waits for the store when there are none here and it may have some. */
    async take(caller: Caller, origin: Background): Promise<Allowance> {
      for (;;) {
        const count = counts.current(caller);
        if (!count.alone && ctx.store.isAway()) {
          // Whether it is back is tried behind the answers, for the next second.
          lease(caller, count, origin);
          count.alone = true;
        }
        const admitted = decide(count, caller);
        if (admitted !== undefined && caller.policy === 'partner') fetchAhead(caller, count, origin);
        if (admitted !== undefined) return settle(caller, count, admitted);
        count.waiting += 1;
        await awaitLease(caller, count, origin);
        count.waiting -= 1;
      }
    },
    /** What is left, without taking. */
    peek(caller: Caller): Allowance {
      return allowance(ctx, caller, { count: counts.current(caller), admitted: true });
    },
  };
}
export type Limiter = ReturnType<typeof createLimiter>;

/** The counts of this second, of the one before and of the next. */
function createCounts(ctx: LimiterContext) {
  let second = 0;
  let [before, now, after] = [new Map<string, Count>(), new Map<string, Count>(), new Map<string, Count>()];
  const turn = () => {
    const current = Math.floor(ctx.now() / WINDOW_MS);
    // Never back: a clock that steps back must not hand out the same second twice.
    if (current <= second) return;
    [before, now, after] = current === second + 1 ? [now, after, new Map()] : [new Map(), new Map(), new Map()];
    second = current;
  };
  const find = (counts: Map<string, Count>, of: number, caller: Caller): Count => {
    const key = caller.policy === 'partner' ? caller.id : `@${caller.id}`;
    const known = counts.get(key);
    if (known) return known;
    const quota = quotaOf(caller.pool, of);
    const alone = caller.policy === 'address';
    const fresh: Count = { second: of, admitted: 0, tokens: 0, left: quota, alone, waiting: 0 };
    counts.set(key, fresh);
    return fresh;
  };
  return {
    current: (caller: Caller) => {
      turn();
      return find(now, second, caller);
    },
    next: (caller: Caller) => find(after, second + 1, caller),
    tokensHeld: () => {
      turn();
      return now.values().reduce((sum, { tokens }) => sum + tokens, 0);
    },
    /**
     * What a partner is admitted in a second, by the second before, or this one if that is more. Of who was idle it is five
     * times what came since, so that each lease is twice the one before, up to half of the limit.
     */
    demandOf: ({ id, pool }: Caller) => {
      const admitted = now.get(id)?.admitted ?? 0;
      const last = before.get(id)?.admitted;
      return last === undefined ? Math.min(5 * admitted, quotaOf(pool, second) / 2) : Math.max(last, admitted);
    },
  };
}

/** Admits or refuses from what is known here; undefined when the store must be asked. */
function decide(count: Count, { share }: Caller): boolean | undefined {
  if (count.tokens > 0) count.tokens -= 1;
  else if (count.alone) {
    if (count.admitted >= quotaOf(share, count.second)) return false;
  } else return count.left > 0 ? undefined : false;
  count.admitted += 1;
  return true;
}

interface Lease {
  caller: Caller;
  count: Count;
  perSecond: number;
  origin: Background;
  tally: Tally;
}

/** One call to the store for all who wait: the lease, or as many tokens as there are requests to admit at once. */
function startLease(ctx: LimiterContext, { caller, count, perSecond, origin, tally }: Lease): Promise<void> {
  const { second } = count;
  const quota = quotaOf(caller.pool, second);
  const lease = (async () => {
    // Whoever asks in this very turn of the event loop shares the call.
    await Promise.resolve();
    const leftMs = Math.min(WINDOW_MS, (second + 1) * WINDOW_MS - ctx.now());
    const wanted = Math.max(leaseSize({ quota, perSecond, leftMs }), count.waiting);
    // One token will do to try a store that was away: the second is counted here.
    const amount = count.alone ? 1 : Math.min(wanted, count.left);
    const total = await ctx.store.add(`limit:${caller.id}:${second}`, { amount, ttlSeconds: COUNTER_TTL_SECONDS });
    count.lease = undefined;
    if (total === undefined) {
      tally.leases.failed += 1;
      count.alone = true;
      return;
    }
    const got = Math.min(amount, Math.max(0, quota - (total - amount)));
    tally.leases[got > 0 ? 'granted' : 'none'] += 1;
    tally.tokensLeased += got;
    if (!count.alone) count.tokens += got;
    count.left = Math.max(0, quota - total);
  })();
  origin.background(lease);
  return lease;
}

function allowance(
  ctx: LimiterContext,
  { policy, pool, share }: Caller,
  { count, admitted }: { count: Count; admitted: boolean },
): Allowance {
  const rate = count.alone ? share : pool;
  const left = count.alone
    ? Math.max(count.tokens, quotaOf(share, count.second) - count.admitted)
    : count.left + count.tokens;
  const next = (count.second + nextQuotaIn(rate, count.second)) * WINDOW_MS - ctx.now();
  return {
    policy,
    limit: Math.ceil((rate.limit * rate.percent) / 100),
    remaining: admitted ? Math.max(0, left) : 0,
    // A clock that stepped back is behind the second that is counted.
    resetMs: Math.max(1, Math.min(next, nextQuotaIn(rate, count.second) * WINDOW_MS)),
    admitted,
  };
}
