import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { percentile } from '../percentile.ts';
import { asFigure, ROUNDS, ratio } from './figures.ts';
import { type Question, readAnswer } from './read-answer.ts';
import { requireHit } from './require-hit.ts';
import { runArrivals } from './run-arrivals.ts';
import type { Stand } from './stand.ts';
import type { Runtime } from './start-edge.ts';
import type { Pair, Servers } from './start-servers.ts';

/** Of each. */
const SECONDS = 8;
const SHARE = 0.3;

/** The slowest of a hundred at 30 % of what the edge can do, each request sent when it is due: beside a bare server's at that pace. */
export async function tail(
  ctx: BenchContext,
  { stand, servers, most }: { stand: Stand; servers: Servers; most: Record<Runtime, number> },
): Promise<Figure[]> {
  const of = async (runtime: Runtime, name: string) => {
    const pair = servers[runtime];
    // One process asked twice as often would stop for its garbage twice as often, in the turns of both.
    await using second = await stand.edge(runtime);
    const again = { ...pair.edge, url: pair.edge.url.replace(new URL(pair.edge.url).origin, second.url) };
    await readAnswer(again);
    return await measure(ctx, { name, pair, again, most: most[runtime] });
  };
  return [...(await of('workerd', 'workerd')), ...(await of('node', 'Node'))];
}

async function measure(
  ctx: BenchContext,
  { name, pair, again, most }: { name: string; pair: Pair; again: Question; most: number },
): Promise<Figure[]> {
  const perSecond = Math.round(SHARE * most);
  // A machine that others share stops for milliseconds many times a second, and those stops are the p99 of a run, whatever is
  // asked: so all are asked in one run, a few milliseconds each by turns, and stop together.
  const all = async () => {
    for (const edge of [pair.edge, again]) await requireHit(edge, pair.answer);
    const found = await runArrivals([pair.edge, pair.bare, again], {
      perSecond,
      seconds: SECONDS,
      signal: ctx.signal,
    });
    const [edge, bare, second] = found;
    for (const { statuses } of found)
      if (Object.keys(statuses).join() !== '200') throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
    return { edge: edge.waitedUs, bare: bare.waitedUs, again: second.waitedUs };
  };
  // Not counted: the second edge has answered nothing yet.
  await all();
  const { all: rounds } = await interleave(ctx, { what: `${name} at an even pace`, rounds: ROUNDS, states: { all } });
  const of = (state: keyof (typeof rounds)[number], share: number) =>
    rounds.map((round) => percentile(round[state], share) / 1_000);
  return [
    asFigure(`pace, 30 % of the edge on ${name}`, '1/s', [perSecond]),
    asFigure(`p50 at that pace, the edge on ${name}`, 'ms', of('edge', 0.5)),
    asFigure(`p50 at that pace, bare ${name}`, 'ms', of('bare', 0.5)),
    asFigure(`p99 at that pace, the edge on ${name}`, 'ms', of('edge', 0.99)),
    asFigure(`p99 at that pace, bare ${name}`, 'ms', of('bare', 0.99)),
    ratio(`p50: the edge on ${name} / bare ${name}`, of('edge', 0.5), of('bare', 0.5)),
    ratio(`A/A: p50, the edge on ${name} / the same again`, of('edge', 0.5), of('again', 0.5)),
    ratio(`p99: the edge on ${name} / bare ${name}`, of('edge', 0.99), of('bare', 0.99)),
    ratio(`A/A: p99, the edge on ${name} / the same again`, of('edge', 0.99), of('again', 0.99)),
  ];
}
