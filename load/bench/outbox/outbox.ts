import type { Bench, BenchContext, Figure } from '../bench.ts';
import { backlog } from './backlog.ts';
import { latency } from './latency.ts';
import { peers } from './peers/peers.ts';
import { startStand } from './stand.ts';
import { throughput } from './throughput.ts';

/**
 * The way of an event from the outbox to Kafka: how many a second, what one costs, how long it waits, and how many others
 * carry. Needs a Java that compiles, Maven and npm.
 */
export const outbox: Bench = async (ctx) => {
  return [...(await ours(ctx)), ...(await peers(ctx))];
};

async function ours(ctx: BenchContext): Promise<Figure[]> {
  await using stand = await startStand();
  return [...(await throughput(ctx, stand)), ...(await latency(ctx, stand)), ...(await backlog(ctx, stand))];
}
