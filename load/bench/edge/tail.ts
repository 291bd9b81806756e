import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { median } from '../median.ts';
import { percentile } from '../percentile.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import type { Question } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Runtime } from './start-edge.ts';
import type { Pair, Servers } from './start-servers.ts';

const SECONDS = 4;
const SHARE = 0.3;
/**
 * A machine that others share stops for milliseconds many times a second, and those stops are the p99 of a whole run, whatever is
 * asked. So p99 is taken of each slice of this length, s, and of those the median: what a server does by itself every so often
 * is in most of them, and a stop of the machine in few.
 */
const SLICE_SECONDS = 0.05;
/** How that is called. */
export const SLICE = 'p99 of 50 ms, the median';

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
    return {
      p50: percentile(waitedUs, 0.5) / 1_000,
      p99: percentile(waitedUs, 0.99) / 1_000,
      slice: median(slicesOf(waitedUs, perSecond).map((slice) => percentile(slice, 0.99))) / 1_000,
    };
  };
  const edge = async () => {
    await requireHit(pair.edge, pair.answer);
    return ask(pair.edge);
  };
  const states = { edge, bare: () => ask(pair.bare), again: edge };
  const found = await interleave(ctx, { what: `${name} at an even pace`, rounds: ROUNDS, states });
  const of = (state: keyof typeof states, what: 'p50' | 'p99' | 'slice') => found[state].map((each) => each[what]);
  return [
    asFigure(`pace, 30 % of the edge on ${name}`, '1/s', [perSecond]),
    asFigure(`p50 at that pace, the edge on ${name}`, 'ms', of('edge', 'p50')),
    asFigure(`p50 at that pace, bare ${name}`, 'ms', of('bare', 'p50')),
    asFigure(`p99 at that pace, the edge on ${name}`, 'ms', of('edge', 'p99')),
    asFigure(`p99 at that pace, bare ${name}`, 'ms', of('bare', 'p99')),
    asFigure(`${SLICE}, the edge on ${name}`, 'ms', of('edge', 'slice')),
    asFigure(`${SLICE}, bare ${name}`, 'ms', of('bare', 'slice')),
    ratio(`p50: the edge on ${name} / bare ${name}`, of('edge', 'p50'), of('bare', 'p50')),
    ratio(`p99: the edge on ${name} / bare ${name}`, of('edge', 'p99'), of('bare', 'p99')),
    ratio(`A/A: p99, the edge on ${name} / the same again`, of('edge', 'p99'), of('again', 'p99')),
    ratio(`${SLICE}: the edge on ${name} / bare ${name}`, of('edge', 'slice'), of('bare', 'slice')),
    ratio(`A/A: ${SLICE}, the edge on ${name} / the same again`, of('edge', 'slice'), of('again', 'slice')),
  ];
}

/** Those that were due in each slice; the rest at the end is left out. */
function slicesOf(waitedUs: readonly number[], perSecond: number): number[][] {
  const size = Math.round(perSecond * SLICE_SECONDS);
  return Array.from({ length: Math.floor(waitedUs.length / size) }, (_, at) =>
    waitedUs.slice(at * size, (at + 1) * size),
  );
}
