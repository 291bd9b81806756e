import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import type { Question } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Runtime } from './start-edge.ts';
import type { Pair, Servers } from './start-servers.ts';

const SECONDS = 4;
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
    return [0.5, 0.99].map((share) => percentile(waitedUs, share) / 1_000);
  };
  const edge = async () => {
    await requireHit(pair.edge, pair.answer);
    return ask(pair.edge);
  };
  const states = { edge, bare: () => ask(pair.bare), again: edge };
  const found = await interleave(ctx, { what: `${name} at an even pace`, rounds: ROUNDS, states });
  const of = (state: keyof typeof states, at: 0 | 1) => found[state].map((each) => each[at] ?? Number.NaN);
  return [
    asFigure(`pace, 30 % of the edge on ${name}`, '1/s', [perSecond]),
    asFigure(`p50 at that pace, the edge on ${name}`, 'ms', of('edge', 0)),
    asFigure(`p50 at that pace, bare ${name}`, 'ms', of('bare', 0)),
    asFigure(`p99 at that pace, the edge on ${name}`, 'ms', of('edge', 1)),
    asFigure(`p99 at that pace, bare ${name}`, 'ms', of('bare', 1)),
    ratio(`p99: the edge on ${name} / bare ${name}`, of('edge', 1), of('bare', 1)),
    ratio(`A/A: p99, the edge on ${name} / the same again`, of('edge', 1), of('again', 1)),
  ];
}
