import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import type { Question } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Runtime } from './start-edge.ts';
import type { Pair, Servers } from './start-servers.ts';

/**
 * Of a run. At this pace both edge and bare server stop every few seconds to collect their garbage, and those stops are the
 * p99: a run of 4 s has none of them, or two, and tells which.
 */
const SECONDS = 16;
const SHARE = 0.3;

/** The slowest of a hundred at 30 % of what the edge can do, each request sent when it is due: beside a bare server's at that pace. */
export async function tail(
  ctx: BenchContext,
  { servers, most }: { servers: Servers; most: Record<Runtime, number> },
): Promise<Figure[]> {
  const workerd = await measure(ctx, { name: 'workerd', pair: servers.workerd, most: most.workerd });
  return [...workerd, ...(await measure(ctx, { name: 'Node', pair: servers.node, most: most.node }))];
}

async function measure(
  ctx: BenchContext,
  { name, pair, most }: { name: string; pair: Pair; most: number },
): Promise<Figure[]> {
  const perSecond = Math.round(SHARE * most);
  const ask = async (question: Question) => {
    const { statuses, waitedUs } = await runArrivals(question, { perSecond, seconds: SECONDS, signal: ctx.signal });
    if (Object.keys(statuses).join() !== '200') throw new Error(`${question.url} answered ${JSON.stringify(statuses)}`);
    return { p50: percentile(waitedUs, 0.5) / 1_000, p99: percentile(waitedUs, 0.99) / 1_000 };
  };
  const bare = () => ask(pair.bare);
  const edge = async () => {
    await requireHit(pair.edge, pair.answer);
    return ask(pair.edge);
  };
  // Not counted: wrk has just asked as much as it could, and to get over that takes a heap some collections.
  await bare();
  await edge();
  const states = { edge, bare, again: edge };
  const found = await interleave(ctx, { what: `${name} at an even pace`, rounds: ROUNDS, states });
  const of = (state: keyof typeof states, what: 'p50' | 'p99') => found[state].map((each) => each[what]);
  return [
    asFigure(`pace, 30 % of the edge on ${name}`, '1/s', [perSecond]),
    asFigure(`p50 at that pace, the edge on ${name}`, 'ms', of('edge', 'p50')),
    asFigure(`p50 at that pace, bare ${name}`, 'ms', of('bare', 'p50')),
    asFigure(`p99 at that pace, the edge on ${name}`, 'ms', of('edge', 'p99')),
    asFigure(`p99 at that pace, bare ${name}`, 'ms', of('bare', 'p99')),
    ratio(`p50: the edge on ${name} / bare ${name}`, of('edge', 'p50'), of('bare', 'p50')),
    ratio(`A/A: p50, the edge on ${name} / the same again`, of('edge', 'p50'), of('again', 'p50')),
    ratio(`p99: the edge on ${name} / bare ${name}`, of('edge', 'p99'), of('bare', 'p99')),
    ratio(`A/A: p99, the edge on ${name} / the same again`, of('edge', 'p99'), of('again', 'p99')),
  ];
}
