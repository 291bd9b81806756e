import type { Redis } from '@upstash/redis';
import type { EdgeContext } from '../context.ts';
import type { Store } from './store.ts';

/** After a failure nobody asks for this long; then one call tries, and the others still do not wait. */
const REST_MS = 2_000;

/** A store that is let alone while it fails, so that its trouble costs one caller 250 ms every 2 s and nobody else. */
export function failOpen(ctx: Pick<EdgeContext, 'now' | 'log' | 'observe'>, redis: Redis | undefined): Store {
  let restsUntil = 0;
  let trying = false;
  async function attempt<Result>(call: (redis: Redis) => Promise<Result>): Promise<Result | undefined> {
    if (!redis || trying || ctx.now() < restsUntil) return undefined;
    const trial = restsUntil > 0;
    if (trial) trying = true;
    try {
      const result = await call(redis);
      restsUntil = 0;
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Those that were under way together tell it once.
      if (ctx.now() >= restsUntil) ctx.log.warn({ reason }, 'the store is away: caching and counting alone');
      restsUntil = ctx.now() + REST_MS;
      ctx.observe({ kind: 'store-failure' });
      return undefined;
    } finally {
      if (trial) trying = false;
    }
  }
  return {
    isAway: () => !redis || restsUntil > 0,
    get: (key) => attempt((client) => client.get(key)).then((value) => value ?? undefined),
    set: async (key, { value, ttlMs }) => {
      await attempt((client) => client.set(key, value, { px: Math.max(1, Math.floor(ttlMs)) }));
    },
    add: (key, { amount, ttlSeconds }) =>
      attempt(async (client) => {
        const [count] = await client.pipeline().incrby(key, amount).expire(key, ttlSeconds).exec<[number, number]>();
        return count;
      }),
  };
}
