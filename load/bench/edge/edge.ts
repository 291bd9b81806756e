import type { Bench } from '../bench.ts';
import { median } from '../median.ts';
import { againstRatelimit } from './against-ratelimit.ts';
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
 * nginx, and @upstash/ratelimit asked for each request. Needs Linux, two processors, wrk and nginx.
 */
export const edge: Bench = async (ctx) => {
  await requirePrograms();
  await using stand = await startStand(ctx.signal);
  await using servers = await startServers(stand);
  const { figures, perSecond } = await throughput(ctx, servers);
  const most = { workerd: median(perSecond.workerd), node: median(perSecond.node) };
  return [
    ...figures,
    ...(await tail(ctx, { servers, most })),
    ...(await againstRatelimit(ctx, { stand, servers })),
    ...(await storeCalls(ctx, stand)),
    ...(await farStore(ctx, stand)),
    ...(await relief(ctx, stand)),
  ];
};
