import type { Bench } from '../bench.ts';
import { backlog } from './backlog.ts';
import { latency } from './latency.ts';
import { startStand } from './stand.ts';
import { throughput } from './throughput.ts';

/** The way of an event from the outbox to Kafka: how many a second, what one costs, how long it waits. Needs Java. */
export const outbox: Bench = async (ctx) => {
  await using stand = await startStand();
  return [...(await throughput(ctx, stand)), ...(await latency(ctx, stand)), ...(await backlog(ctx, stand))];
};
