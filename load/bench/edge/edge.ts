import type { Bench } from '../bench.ts';
import { median } from '../median.ts';
import { againstLimiters } from './against-limiters.ts';
import { againstRatelimit } from './against-ratelimit.ts';
import { checked } from './checked.ts';
import { farStore } from './far-store.ts';
import { relief } from './relief.ts';
import { requirePrograms } from './require-programs.ts';
import { startStand } from './stand.ts';
import { startServers } from './start-servers.ts';
import { storeCalls } from './store-calls.ts';
import { tail } from './tail.ts';
import { throughput } from './throughput.ts';

/**
 * What the edge costs around a cached quote, and what it spares core and the store: beside bare servers of the same bytes,
 * nginx, and limiters that others would take. Needs Linux, two processors, wrk, nginx and npm.
 */
export const edge: Bench = async (ctx) => {
  await requirePrograms();
  await using stand = await startStand(ctx.signal);
  await using servers = await startServers(stand);
  const { figures, perSecond } = await throughput(ctx, servers);
  return [
    ...checked('every answer is a 2xx; around each run an answer is a hit of the same body, and is counted', figures),
    ...checked('every request is answered 200', await tail(ctx, { stand, servers, most: median(perSecond) })),
    ...(await againstRatelimit(ctx, { stand, servers })),
    ...(await againstLimiters(ctx, { stand, servers })),
    ...checked('no second has more than the limit, and most is admitted', await storeCalls(ctx, stand)),
    ...checked('every request is answered 200 or 429', await farStore(ctx, stand)),
    ...checked('as many were hits as were meant', await relief(ctx, stand)),
  ];
};
